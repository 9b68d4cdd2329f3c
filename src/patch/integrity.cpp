// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/integrity.h"

#include <fmt/format.h>

#include <set>

#include "node/spillover.h"

namespace perigee {

namespace {

constexpr double kSlowest = 1, kFastest = 1000;  // beats a minute, as tempo() takes them
constexpr double kMostFade = 600;                // seconds

bool is_gate_at(const Patch& patch, NodeId id) { return patch.nodes[id].spec == &spillover_spec; }

class LooseEnds {
 public:
  explicit LooseEnds(const Patch& patch) : patch_(patch) {}

  void check(NodeId id) {
    const PatchNode& node = patch_.nodes[id];
    const std::size_t ports = node.spec->in.size();
    const bool takes_many = ports > 0 && node.spec->in.back().many;
    if (node.inputs.size() < ports || (node.inputs.size() > ports && !takes_many))
      told(id, fmt::format("it has {} inputs and is given {} wires", ports, node.inputs.size()));
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (node.inputs[i].node != kNoNode)
        check_source(id, node.inputs[i]);
      else if (i >= ports)
        told(id, "a wire comes from nowhere");
    }
    for (const Setting& setting : node.params)
      if (const auto* source = std::get_if<Source>(&setting)) check_source(id, *source);
    if (node.fade && !(*node.fade >= 0 && *node.fade <= kMostFade))
      told(id, fmt::format("fade: {:g} s is not between 0 and {:g} s", *node.fade, kMostFade));
    if (is_gate_at(patch_, id)) check_gate(id);
  }

  std::vector<Mistake> mistakes;

 private:
  void told(NodeId id, const std::string& text) { mistakes.push_back(mistake_of(patch_, id, text)); }

  void check_source(NodeId id, const Source& source) {
    if (source.node >= patch_.nodes.size()) return told(id, "a wire comes from nowhere");
    const PatchNode& from = patch_.nodes[source.node];
    if (source.output >= from.spec->out.size())
      told(id, fmt::format("a wire comes from output {} of {}, which has {}", source.output + 1,
                           label(patch_, source.node), from.spec->out.size()));
    if (source.lane < -1) told(id, fmt::format("a wire comes from lane {}", source.lane + 1));
  }

  /// They stand behind all other nodes, and hear what stands before them: so they are in no circle.
  void check_gate(NodeId id) {
    const Source& heard = patch_.nodes[id].inputs.empty() ? Source() : patch_.nodes[id].inputs[0];
    if (heard.node >= id || (id + 1 < patch_.nodes.size() && !is_gate_at(patch_, id + 1)))
      told(id, "a gate is out of its place");
  }

  const Patch& patch_;
};

}  // namespace

std::vector<Mistake> loose_ends(const Patch& patch) {
  LooseEnds ends(patch);
  for (NodeId id = 0; id < patch.nodes.size(); ++id) ends.check(id);
  std::set<std::string> names;
  for (const MidiPort& port : patch.midi)
    if (!names.insert(port.name).second)
      ends.mistakes.push_back({port.where, fmt::format("MIDI port \"{}\" is there twice", port.name)});
  if (!(patch.tempo >= kSlowest && patch.tempo <= kFastest))
    ends.mistakes.push_back(
        {{}, fmt::format("tempo {:g} is not between {:g} and {:g}", patch.tempo, kSlowest, kFastest)});
  return std::move(ends.mistakes);
}

}  // namespace perigee
