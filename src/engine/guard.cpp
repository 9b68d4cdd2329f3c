// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/guard.h"

#include <algorithm>

namespace perigee {

namespace {

constexpr std::size_t kMostLoud = 1024;  ///< ports at a time

const PortBinding* find_port(const Program& program, const Instance* port) noexcept {
  const auto is_it = [&](const PortBinding& one) { return program.instances[one.node].get() == port; };
  const auto found = std::ranges::find_if(program.outputs, is_it);
  return found == program.outputs.end() ? nullptr : &*found;
}

/// Marks the nodes that are heard at a port, through nodes that pass; feedback always does. Returns the first
/// of them in the order of the plan.
template <typename Passes>
NodeId mark(Upstream& upstream, NodeId port, Passes passes) noexcept {
  std::fill(upstream.marked.begin(), upstream.marked.end(), false);
  upstream.open.assign(1, port);
  NodeId first = kNoNode;
  while (!upstream.open.empty()) {
    const NodeId reader = upstream.open.back();
    upstream.open.pop_back();
    for (const NodeId id : upstream.before(reader)) {
      if (upstream.marked[id] || !passes(id)) continue;
      upstream.marked[id] = true;
      upstream.open.push_back(id);
      if (!upstream.is_feedback[id] && (first == kNoNode || upstream.rank[id] < upstream.rank[first]))
        first = id;
    }
  }
  return first;
}

/// Nodes that were marked begin anew, and their lines are silent; what gives gates and the like goes on.
void reset_marked(Program& program, Frames now) noexcept {
  const auto& marked = program.upstream.marked;
  for (NodeId id = 0; id < marked.size(); ++id) {
    Instance& one = *program.instances[id];
    if (marked[id] && one.node != nullptr && !one.spec->in.empty() && !one.spec->control) one.node->reset();
  }
  for (std::size_t i = 0; i < program.lines.size(); ++i)
    if (marked[program.upstream.line_of[i]]) program.lines[i].line->forget(now);
  // Numbers that a bank has kept of its nodes are gone.
  for (Share& share : program.shares) ++share.changes;
}

}  // namespace

Guard::Guard() { loud_.reserve(kMostLoud); }

int Guard::round(Frames now, int frames) const noexcept {
  Frames most = std::min<Frames>(frames, kNotice);
  if (watch_from_ != kNever) most = std::min(most, watch_from_ + (watches(now) ? kWatch : 0) - now);
  return static_cast<int>(most);
}

void Guard::gather(Share& share) noexcept {
  for (const Loud& one : share.loud)
    if (loud_.size() < loud_.capacity()) loud_.push_back(one);
  share.loud.clear();
}

void Guard::follow(const Program& program) noexcept {
  std::erase_if(loud_, [&](const Loud& one) { return find_port(program, one.port) == nullptr; });
  if (loud_.empty()) watch_from_ = kNever;
}

Frames Guard::first_of_all() const noexcept { return std::ranges::min(loud_, {}, &Loud::time).time; }

void Guard::begin_watch(Program& program) noexcept {
  for (const auto& instance : program.instances) instance->loudest = 0;
}

Report Guard::calm(Program& program, const Loud& loud, float limit, Frames now) noexcept {
  Upstream& upstream = program.upstream;
  Report report{.what = Report::What::fault,
                .from = loud.port,
                .time = loud.time,
                .level = loud.level,
                .port = loud.port};
  const PortBinding* const port = find_port(program, loud.port);
  if (port == nullptr) return report;
  const auto is_loud = [&](NodeId id) {
    return upstream.is_feedback[id] || program.instances[id]->loudest > limit;
  };
  const NodeId first = mark(upstream, port->node, is_loud);
  if (first != kNoNode) report.from = program.instances[first].get();
  if (first == kNoNode || loud.again) mark(upstream, port->node, [](NodeId) { return true; });
  if (first == kNoNode && !upstream.before(port->node).empty())
    report.from = program.instances[upstream.before(port->node).front()].get();
  reset_marked(program, now);
  return report;
}

}  // namespace perigee
