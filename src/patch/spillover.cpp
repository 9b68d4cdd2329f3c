// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/spillover.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "node/spillover.h"
#include "patch/rework.h"
#include "patch/validate.h"

namespace perigee {

namespace {

/// Switches inside of branches of switches take time and gates for each level. So many wires are looked at,
/// which takes some tenths of a second, and so many gates are made.
constexpr std::size_t kMostLooks = 30'000'000, kMostGates = 50'000;

bool is_gate(const PatchNode& node) { return node.spec == &spillover_spec; }

/// The end of the wire, if there is one.
template <typename Node>
auto* source_at(Node& node, std::size_t port) {
  using Found = std::conditional_t<std::is_const_v<Node>, const Source, Source>;
  Found* source = port < node.inputs.size() ? &node.inputs[port]
                                            : std::get_if<Source>(&node.params[port - node.inputs.size()]);
  return source == nullptr || source->node == kNoNode ? nullptr : source;
}

std::size_t ports_of(const PatchNode& node) { return node.inputs.size() + node.params.size(); }

bool hears_at(const PatchNode& node, std::size_t port) {
  return port < node.inputs.size() || node.spec->params[port - node.inputs.size()].heard;
}

/// Whether silence in one of those that it hears silences it.
bool is_product(const PatchNode& node) {
  return node.spec->factor != nullptr && !node.params.empty() && node.spec->params[0].heard;
}

/// Finds the parts of branches.
class Branches {
 public:
  explicit Branches(const Patch& patch)
      : patch_(patch), readers_(patch.nodes.size()), seen_(patch.nodes.size()) {
    std::vector<NodeId> outputs;
    for (NodeId id = 0; id < patch.nodes.size(); ++id) {
      if (patch.nodes[id].spec->role == Role::output) outputs.push_back(id);
      for (std::size_t port = 0; port < ports_of(node(id)); ++port)
        if (const Source* source = source_at(node(id), port)) readers_[source->node].push_back({id, port});
    }
    plays_ = heard_by(patch, outputs);
    find_sounds();
  }

  bool plays(NodeId id) const { return plays_[id]; }
  std::size_t looks() const { return looks_; }

  /// Finds its nodes and entrances.
  void find_parts(Branch& branch) {
    const Source* last = source_at(node(branch.node), branch.number);
    if (last == nullptr) return;
    if (sounds_[last->node]) gather(branch);
    for (const NodeId id : branch.nodes) {
      const bool factors = is_product(node(id)) && hears_inside(id);
      for (std::size_t port = 0; port < ports_of(node(id)) && !factors; ++port)
        if (enters({id, port})) branch.entrances.push_back({id, port});
    }
    if (!inside(last->node)) branch.entrances.push_back({branch.node, branch.number});
    for (const NodeId id : branch.nodes) seen_[id] = Seen::no;
  }

  /// Whether two branches hear the same, as plan/kinship.h tells it of the switch.
  bool related(NodeId id) {
    std::vector<NodeId> met;
    std::map<NodeId, std::size_t> heard_in;
    for (std::size_t port = 0; port < node(id).inputs.size(); ++port) {
      std::vector<NodeId> open;
      const auto meet = [&](const Source& source) {
        if (source.node == kNoNode || source.node == id) return true;
        ++looks_;
        const auto [first, is_new] = heard_in.emplace(source.node, port);
        if (is_new) open.push_back(source.node);
        return first->second == port;
      };
      if (!meet(node(id).inputs[port])) return true;
      while (!open.empty()) {
        const NodeId at = open.back();
        open.pop_back();
        for (const Source& source : node(at).inputs)
          if (!meet(source)) return true;
      }
    }
    return false;
  }

 private:
  enum class Seen : std::uint8_t { no, yes, left };

  const PatchNode& node(NodeId id) const { return patch_.nodes[id]; }
  bool inside(NodeId id) const { return seen_[id] == Seen::yes; }

  /// Whatever hears an input or an oscillator; a control made of sound is none.
  void find_sounds() {
    sounds_.resize(patch_.nodes.size());
    std::vector<NodeId> open;
    const auto add = [&](NodeId id) {
      if (sounds_[id] || node(id).spec->control) return;
      sounds_[id] = true;
      open.push_back(id);
    };
    for (NodeId id = 0; id < patch_.nodes.size(); ++id)
      if (node(id).spec->in.empty()) add(id);
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      for (const Way& reader : readers_[id])
        if (hears_at(node(reader.node), reader.port)) add(reader.node);
    }
  }

  /// All that the branch hears, save what makes sound by itself; without those that are heard elsewhere, and
  /// what those hear.
  void gather(Branch& branch) {
    std::vector<NodeId>& nodes = branch.nodes;
    const auto add = [&](NodeId id) {
      const Spec& spec = *node(id).spec;
      if (seen_[id] != Seen::no || id == branch.node || spec.in.empty() || !sounds_[id]) return;
      seen_[id] = Seen::yes;
      nodes.push_back(id);
    };
    add(node(branch.node).inputs[branch.number].node);
    for (std::size_t next = 0; next < nodes.size(); ++next) {
      const NodeId id = nodes[next];
      for (std::size_t port = 0; port < ports_of(node(id)); ++port, ++looks_)
        if (const Source* source = source_at(node(id), port); source != nullptr && hears_at(node(id), port))
          add(source->node);
    }
    std::vector<NodeId> left;
    const auto leave = [&](NodeId id) {
      if (!inside(id)) return;
      seen_[id] = Seen::left;
      left.push_back(id);
    };
    for (const NodeId id : nodes) {
      const auto elsewhere = [&](const Way& reader) {
        return plays_[reader.node] && seen_[reader.node] == Seen::no &&
               reader != Way{branch.node, branch.number};
      };
      looks_ += readers_[id].size();
      if (std::ranges::any_of(readers_[id], elsewhere)) leave(id);
    }
    while (!left.empty()) {
      const NodeId id = left.back();
      left.pop_back();
      for (std::size_t port = 0; port < ports_of(node(id)); ++port, ++looks_)
        if (const Source* source = source_at(node(id), port)) leave(source->node);
    }
    for (const NodeId id : nodes)
      if (!inside(id)) seen_[id] = Seen::no;
    std::erase_if(nodes, [&](NodeId id) { return !inside(id); });
    std::ranges::sort(nodes);
  }

  bool hears_inside(NodeId id) const {
    for (std::size_t port = 0; port < ports_of(node(id)); ++port)
      if (const Source* source = source_at(node(id), port); source != nullptr && hears_at(node(id), port))
        if (inside(source->node)) return true;
    return false;
  }
  bool enters(const Way& way) const {
    const Source* source = source_at(node(way.node), way.port);
    return source != nullptr && hears_at(node(way.node), way.port) && sounds_[source->node] &&
           !inside(source->node);
  }

  const Patch& patch_;
  std::vector<std::vector<Way>> readers_;
  std::vector<bool> plays_;   ///< an output hears it
  std::vector<bool> sounds_;  ///< it makes sound or hears some
  std::vector<Seen> seen_;    ///< of the branch that is looked at
  std::size_t looks_ = 0;
};

}  // namespace

bool has_tail(const PatchNode& node) {
  if (node.spec->spills < 0) return false;
  const auto fade = static_cast<std::size_t>(node.spec->spills);
  for (const std::size_t i : {fade, fade + 1}) {  // what validation will refuse needs no gates
    const double seconds = std::get<double>(node.fixed[i]);
    if (!(seconds >= node.spec->fixed[i].min && seconds <= node.spec->fixed[i].max)) return false;
  }
  return std::get<double>(node.fixed[fade + 1]) > 0;
}

std::vector<Branch> branches_of(const Patch& patch, std::vector<Mistake>& mistakes) {
  std::vector<Branch> found;
  if (std::ranges::none_of(patch.nodes, has_tail)) return found;
  Branches branches(patch);
  std::size_t gates = 0;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    if (!has_tail(node)) continue;
    if (const auto* number = std::get_if<double>(&node.params[0])) {
      const Param& index = node.spec->params[0];
      if (range_mistake(index.name, *number, index.min, index.max, index.unit).empty())  // else that is told
        mistakes.push_back(mistake_of(
            patch, id, fmt::format("with a tail {0} has to be a signal: {0} is a number", index.name)));
      continue;
    }
    if (!branches.plays(id)) continue;
    const bool related = branches.related(id);
    for (unsigned number = 0; number < node.inputs.size(); ++number) {
      Branch branch{.node = id, .number = number, .related = related};
      branches.find_parts(branch);
      gates += branch.entrances.size();
      found.push_back(std::move(branch));
      if (branches.looks() < kMostLooks && gates < kMostGates) continue;
      mistakes.push_back(mistake_of(patch, id, "too many switches with a tail are inside of one another"));
      return {};
    }
  }
  return found;
}

Patch with_spillover(Patch patch, std::vector<Mistake>& mistakes) {
  for (const Branch& branch : branches_of(patch, mistakes)) {
    std::map<std::tuple<NodeId, unsigned, bool>, NodeId> gates;  // by the end of the wire into them
    for (const Way& way : branch.entrances) {
      Source& wire = *source_at(patch.nodes[way.node], way.port);
      const auto [at, is_new] = gates.try_emplace({wire.node, wire.output, wire.compensated},
                                                  static_cast<NodeId>(patch.nodes.size()));
      const Source heard{.node = wire.node, .output = wire.output, .compensated = wire.compensated};
      wire.node = at->second;
      wire.output = 0;
      if (!is_new) continue;
      const PatchNode& chooser = patch.nodes[branch.node];
      const auto fade = static_cast<std::size_t>(chooser.spec->spills);
      PatchNode gate = blank(spillover_spec);
      gate.where = chooser.where;
      gate.inputs[0] = heard;
      gate.params[0] = chooser.params[0];
      gate.fixed[kSpillBranch] = static_cast<double>(branch.number);
      gate.fixed[kSpillLast] = branch.number + 1 == chooser.inputs.size() ? 1.0 : 0.0;
      gate.fixed[kSpillFade] = chooser.fixed[fade];
      gate.fixed[kSpillTail] = chooser.fixed[fade + 1];
      gate.fixed[kSpillLinear] = branch.related ? 1.0 : 0.0;
      patch.nodes.push_back(std::move(gate));
    }
  }
  return patch;
}

const Source& before_gates(const Patch& patch, const Source& source) {
  const Source* at = &source;
  while (at->node != kNoNode && is_gate(patch.nodes[at->node])) at = &patch.nodes[at->node].inputs[0];
  return *at;
}

}  // namespace perigee
