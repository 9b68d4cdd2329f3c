// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <unordered_map>

#include "patch/likeness.h"
#include "patch/scope.h"

namespace perigee {

namespace {

/// Lines are compared each with each, for the longest common subsequence: so many pairs in one place, and so
/// many in all. Beyond that they are matched greedily.
constexpr std::size_t kMostComparisons = 1U << 22U, kMostComparisonsInAll = 1U << 24U;

class Pairing {
 public:
  Pairing(const Side& before, const Side& after)
      : before_(before),
        after_(after),
        result_{.old_of = std::vector<NodeId>(after.patch.nodes.size(), kNoNode),
                .new_of = std::vector<NodeId>(before.patch.nodes.size(), kNoNode)},
        settled_before_(before.patch.nodes.size()),
        settled_after_(after.patch.nodes.size()) {}

  Diff run() {
    using Group = std::pair<std::vector<NodeId>, std::vector<NodeId>>;
    std::map<std::pair<std::string, const Spec*>, Group> groups;
    const auto scopes_before = scopes_of(before_.patch), scopes_after = scopes_of(after_.patch);
    pair_pinned();
    for (NodeId id = 0; id < before_.patch.nodes.size(); ++id)
      if (!settled_before_[id]) groups[{scopes_before[id], before_.node(id).spec}].first.push_back(id);
    for (NodeId id = 0; id < after_.patch.nodes.size(); ++id)
      if (!settled_after_[id]) groups[{scopes_after[id], after_.node(id).spec}].second.push_back(id);
    for (auto& [key, group] : groups) {
      pair_common(group.first, group.second);
      pair_in_order(group.first, group.second);
    }
    std::map<const Spec*, Group> rest;
    for (NodeId id = 0; id < result_.new_of.size(); ++id)
      if (result_.new_of[id] == kNoNode && !settled_before_[id])
        rest[before_.node(id).spec].first.push_back(id);
    for (NodeId id = 0; id < result_.old_of.size(); ++id)
      if (result_.old_of[id] == kNoNode && !settled_after_[id])
        rest[after_.node(id).spec].second.push_back(id);
    for (auto& [spec, group] : rest) pair_common(group.first, group.second);
    result_.made = result_.old_of.size() - result_.kept;
    result_.gone = result_.new_of.size() - result_.kept;
    return std::move(result_);
  }

 private:
  void pair(NodeId old_node, NodeId new_node) {
    result_.new_of[old_node] = new_node;
    result_.old_of[new_node] = old_node;
    ++result_.kept;
  }
  bool alike(NodeId i, NodeId k) const { return same_literals(before_, i, after_, k); }

  /// What has the same pin is the same, or is replaced: nothing else takes its place.
  void pair_pinned() {
    std::unordered_map<std::string_view, NodeId> pinned;
    for (NodeId id = 0; id < before_.patch.nodes.size(); ++id)
      if (!before_.node(id).pin.empty()) pinned[before_.node(id).pin] = id;
    for (NodeId id = 0; id < after_.patch.nodes.size(); ++id) {
      const auto found = pinned.find(after_.node(id).pin);
      if (found == pinned.end()) continue;
      settled_before_[found->second] = settled_after_[id] = true;
      if (same_build(before_, found->second, after_, id)) pair(found->second, id);
    }
  }

  /// Pairs what a text diff would call unchanged.
  void pair_common(std::span<const NodeId> a, std::span<const NodeId> b) {
    while (!a.empty() && !b.empty() && alike(a.front(), b.front())) {
      pair(a.front(), b.front());
      a = a.subspan(1);
      b = b.subspan(1);
    }
    while (!a.empty() && !b.empty() && alike(a.back(), b.back())) {
      pair(a.back(), b.back());
      a = a.first(a.size() - 1);
      b = b.first(b.size() - 1);
    }
    if (a.empty() || b.empty()) return;
    Families families(Families::By::literals);
    const auto x = families.of(before_, a), y = families.of(after_, b);
    const std::size_t comparisons = a.size() * b.size();
    if (comparisons > std::min(kMostComparisons, comparisons_left_)) {
      pair_greedily(a, b, x, y);
      return;
    }
    comparisons_left_ -= comparisons;
    // The longest common subsequence, from the back: length[i][k] of a from i on and b from k on.
    const std::size_t width = b.size() + 1;
    std::vector<std::uint32_t> length((a.size() + 1) * width);
    for (std::size_t i = a.size(); i-- > 0;)
      for (std::size_t k = b.size(); k-- > 0;)
        length[i * width + k] = x[i] == y[k]
                                    ? length[(i + 1) * width + k + 1] + 1
                                    : std::max(length[(i + 1) * width + k], length[i * width + k + 1]);
    for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
      if (x[i] == y[k]) {
        pair(a[i++], b[k++]);
      } else if (length[(i + 1) * width + k] >= length[i * width + k + 1]) {
        ++i;
      } else {
        ++k;
      }
    }
  }

  /// Thousands of nodes of a kind: each new one takes the next old one that is alike, looking a little ahead.
  void pair_greedily(std::span<const NodeId> a, std::span<const NodeId> b, std::span<const Likeness> x,
                     std::span<const Likeness> y) {
    constexpr std::size_t kAhead = 64;
    std::size_t from = 0;
    for (std::size_t k = 0; k < b.size(); ++k) {
      for (std::size_t i = from; i < std::min(a.size(), from + kAhead); ++i) {
        if (x[i] != y[k]) continue;
        pair(a[i], b[k]);
        from = i + 1;
        break;
      }
    }
  }

  /// Pairs what is left in order: literals differ, the build does not.
  void pair_in_order(std::vector<NodeId>& a, std::vector<NodeId>& b) {
    std::erase_if(a, [&](NodeId id) { return result_.new_of[id] != kNoNode; });
    std::erase_if(b, [&](NodeId id) { return result_.old_of[id] != kNoNode; });
    if (a.empty() || b.empty()) return;
    Families families(Families::By::build);
    const auto x = families.of(before_, a), y = families.of(after_, b);
    // Where in `a` a family's members are, those with pins aside.
    std::unordered_map<std::uint32_t, std::vector<std::size_t>> places[2];
    for (std::size_t i = 0; i < a.size(); ++i) places[x[i].pinned ? 1 : 0][x[i].family].push_back(i);
    std::size_t from = 0;
    for (std::size_t k = 0; k < b.size(); ++k) {
      std::size_t next = a.size();
      for (const auto& by_family : std::span(places).first(y[k].pinned ? 1 : 2)) {
        const auto found = by_family.find(y[k].family);
        if (found == by_family.end()) continue;
        const auto place = std::ranges::lower_bound(found->second, from);
        if (place != found->second.end()) next = std::min(next, *place);
      }
      if (next == a.size()) continue;
      pair(a[next], b[k]);
      from = next + 1;
    }
  }

  Side before_, after_;
  Diff result_;
  std::vector<bool> settled_before_, settled_after_;  ///< by pins
  std::size_t comparisons_left_ = kMostComparisonsInAll;
};

/// Routes that the others are without.
std::set<Route> only_in(const std::set<Route>& routes, const std::set<Route>& others) {
  std::set<Route> found;
  std::ranges::set_difference(routes, others, std::inserter(found, found.end()));
  return found;
}

}  // namespace

Diff diff(const Patch& before, const std::vector<Shape>& shapes_before, const Patch& after,
          const std::vector<Shape>& shapes_after) {
  Diff changes = Pairing({before, shapes_before}, {after, shapes_after}).run();
  changes.routes_made = only_in(after.routes, before.routes);
  changes.routes_gone = only_in(before.routes, after.routes);
  return changes;
}

Diff unchanged(const Patch& patch) {
  Diff diff;
  diff.kept = patch.nodes.size();
  diff.old_of.resize(diff.kept);
  std::iota(diff.old_of.begin(), diff.old_of.end(), NodeId{0});
  diff.new_of = diff.old_of;
  return diff;
}

std::string summary(const Diff& diff) {
  std::string text = fmt::format("kept {}, new {}, gone {}", diff.kept, diff.made, diff.gone);
  if (!diff.routes_made.empty() || !diff.routes_gone.empty())
    text += fmt::format("; routes: new {}, gone {}", diff.routes_made.size(), diff.routes_gone.size());
  return text;
}

std::string details(const Diff& diff, const Patch& before, const Patch& after) {
  std::string text;
  const auto kind_of = [](const Patch& patch, NodeId id) { return patch.nodes[id].spec->kind; };
  for (NodeId id = 0; id < before.nodes.size(); ++id)
    if (diff.new_of[id] == kNoNode)
      text += fmt::format("− {} {} (line {})\n", kind_of(before, id), label(before, id),
                          before.nodes[id].where.line);
  for (NodeId id = 0; id < after.nodes.size(); ++id) {
    const PatchNode& node = after.nodes[id];
    if (diff.old_of[id] == kNoNode) {
      text += fmt::format("+ {} {} (line {})\n", node.spec->kind, label(after, id), node.where.line);
      continue;
    }
    const PatchNode& old = before.nodes[diff.old_of[id]];
    for (std::size_t p = 0; p < node.params.size(); ++p) {
      const auto *was = std::get_if<double>(&old.params[p]), *is = std::get_if<double>(&node.params[p]);
      const Param& param = node.spec->params[p];
      if (was != nullptr && is != nullptr && *was != *is)
        text +=
            fmt::format("~ {} {} (line {}): {} {} → {}\n", node.spec->kind, label(after, id), node.where.line,
                        param.name, in_words(*was, param.unit), in_words(*is, param.unit));
    }
  }
  const auto tell = [&](std::string_view mark, const Route& route) {
    text += fmt::format("{} route {} → {} (line {})\n", mark, route.from, route.to, route.where.line);
  };
  for (const Route& route : diff.routes_gone) tell("−", route);
  for (const Route& route : diff.routes_made) tell("+", route);
  return text;
}

}  // namespace perigee
