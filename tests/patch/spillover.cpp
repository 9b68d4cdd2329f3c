// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/spillover.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <random>
#include <set>

#include "node/spillover.h"
#include "patch/record.h"
#include "patch/rework.h"
#include "support/patch_maker.h"

using namespace perigee;
using namespace perigee::test;

namespace {

using Nodes = std::set<NodeId>;

/// Sums, products, echoes, knobs, feedback and switches with any wires, also in circles.
Patch any_branches(std::mt19937& random, NodeId size) {
  PatchMaker maker;
  const auto any = [&] {
    Source source{.node = static_cast<NodeId>(random() % size)};
    source.compensated = random() % 8 != 0;
    if (random() % 8 == 0) source.lane = 0;
    return source;
  };
  const auto number_or_any = [&]() -> Setting {
    if (random() % 3 != 0) return 0.5;
    return any();
  };
  for (NodeId id = 0; id < size; ++id) {
    switch (random() % 12) {
      case 0:
        maker.input("in" + std::to_string(id));
        break;
      case 1:
        maker.add("saw", {}, {{"hz", number_or_any()}});
        break;
      case 2:
        maker.add("lfo", {}, {{"hz", number_or_any()}});
        break;
      case 3:
        maker.add("adsr", {any()});
        break;
      case 4:
        maker.add("add", {any()}, {{"by", any()}});
        break;
      case 5:
        maker.add("multiply", {any()}, {{"by", any()}});
        break;
      case 6:
        maker.add("divide", {any()}, {{"by", any()}});
        break;
      case 7:
        maker.add("meter", {any()});
        break;
      case 8:
        maker.add("feedback", {any()});
        break;
      case 9:
      case 10: {
        std::vector<Source> heard;
        for (unsigned i = 1 + random() % 3; i > 0; --i) heard.push_back(any());
        maker.add("switch", heard, {{"index", any()}}, {{"tail", random() % 4 == 0 ? 0.0 : 2.0}});
        break;
      }
      default:
        maker.add("delay", {any()}, {{"time", number_or_any()}});
    }
  }
  for (int i = 0; i < 2; ++i) maker.output("out" + std::to_string(i), any());
  return maker.patch;
}

struct SpillWire {
  NodeId from, to;
  std::size_t port;
  bool heard;  ///< not a parameter that is no sound
};

std::vector<SpillWire> wires_in(const Patch& patch) {
  std::vector<SpillWire> wires;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    const bool combines =
        node.spec->kind == "add" || node.spec->kind == "subtract" || node.spec->kind == "multiply";
    for (std::size_t i = 0; i < node.inputs.size(); ++i) wires.push_back({node.inputs[i].node, id, i, true});
    for (std::size_t i = 0; i < node.params.size(); ++i)
      if (const auto* source = std::get_if<Source>(&node.params[i]))
        wires.push_back({source->node, id, node.inputs.size() + i, combines});
  }
  return wires;
}

bool is_control(const PatchNode& node) { return node.spec->kind == "lfo" || node.spec->kind == "adsr"; }

bool is_gate_of(const Patch& patch, NodeId id, const Branch& branch) {
  const PatchNode& node = patch.nodes[id];
  return node.spec == &spillover_spec && node.where == patch.nodes[branch.node].where &&
         node.fixed[kSpillBranch] == Value{static_cast<double>(branch.number)};
}

/// So many nodes come before the gates.
Patch without_gates(const Patch& gated, std::size_t nodes) {
  std::vector<NodeId> origin(nodes);
  std::iota(origin.begin(), origin.end(), NodeId{0});
  std::vector<const Spec*> kinds;
  kinds.reserve(nodes);
  for (const NodeId id : origin) kinds.push_back(gated.nodes[id].spec);
  return whole_of(gated, origin, kinds);
}

/// Grows a set until nothing is added.
Nodes grown(Nodes nodes, const std::vector<SpillWire>& wires,
            const std::function<std::optional<NodeId>(const Nodes&, const SpillWire&)>& more) {
  for (std::size_t before = SIZE_MAX; before != nodes.size();) {
    before = nodes.size();
    for (const SpillWire& wire : wires)
      if (const auto id = more(nodes, wire)) nodes.insert(*id);
  }
  return nodes;
}

/// What an output hears, by any wires but those of a kind.
Nodes playing(const Patch& patch, const std::vector<SpillWire>& wires,
              const std::function<bool(const SpillWire&)>& without = {}) {
  Nodes outputs;
  for (NodeId id = 0; id < patch.nodes.size(); ++id)
    if (patch.nodes[id].spec->role == Role::output) outputs.insert(id);
  return grown(outputs, wires, [&](const Nodes& nodes, const SpillWire& wire) -> std::optional<NodeId> {
    if (!nodes.contains(wire.to) || (without && without(wire))) return std::nullopt;
    return wire.from;
  });
}

/// What makes or hears sound; with a branch, if its gates let none through. A product is silent with the part
/// of it that the branch makes.
Nodes sounding(const Patch& patch, const std::vector<SpillWire>& wires, const Branch* closed = nullptr) {
  Nodes nodes;
  for (NodeId id = 0; id < patch.nodes.size(); ++id)
    if (patch.nodes[id].spec->in.empty() && !is_control(patch.nodes[id])) nodes.insert(id);
  const auto inside = [&](const Source& source) {
    return std::ranges::binary_search(closed->nodes, before_gates(patch, source).node);
  };
  return grown(nodes, wires, [&](const Nodes& known, const SpillWire& wire) -> std::optional<NodeId> {
    const PatchNode& node = patch.nodes[wire.to];
    if (!wire.heard || !known.contains(wire.from) || is_control(node)) return std::nullopt;
    if (closed == nullptr) return wire.to;
    if (is_gate_of(patch, wire.to, *closed)) return std::nullopt;
    const bool is_part = node.spec->kind == "multiply" && inside({wire.to}) &&
                         (inside(node.inputs[0]) || inside(std::get<Source>(node.params[0])));
    return is_part && !inside({wire.from}) ? std::nullopt : std::optional(wire.to);
  });
}

/// By its definition: take all that the branch hears, and as long as there is one, take away one that is also
/// heard by what is not of it.
Nodes made_of(const Patch& patch, const std::vector<SpillWire>& wires, const Branch& branch) {
  const Nodes plays = playing(patch, wires), sounds = sounding(patch, wires);
  const auto may = [&](NodeId id) {
    return sounds.contains(id) && !patch.nodes[id].spec->in.empty() && id != branch.node;
  };
  const auto is_end = [&](const SpillWire& wire) {
    return wire.to == branch.node && wire.port == branch.number;
  };
  Nodes nodes = grown({}, wires, [&](const Nodes& known, const SpillWire& wire) -> std::optional<NodeId> {
    if (!wire.heard || !may(wire.from) || (!is_end(wire) && !known.contains(wire.to))) return std::nullopt;
    return wire.from;
  });
  while (true) {
    const auto lost = std::ranges::find_if(wires, [&](const SpillWire& wire) {
      return nodes.contains(wire.from) && plays.contains(wire.to) && !nodes.contains(wire.to) &&
             !is_end(wire);
    });
    if (lost == wires.end()) return nodes;
    nodes.erase(lost->from);
  }
}

}  // namespace

TEST_CASE("branches are what their definition says, and gates stand where sound comes into them") {
  std::random_device device;
  const unsigned seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::size_t all = 0, with_nodes = 0, gates = 0;
  for (int round = 0; round < 2000; ++round) {
    CAPTURE(round);
    const Patch patch = any_branches(random, 2 + random() % 18);
    const auto wires = wires_in(patch);
    std::vector<Mistake> mistakes;
    const auto branches = branches_of(patch, mistakes);
    const Patch gated = with_spillover(patch, mistakes);
    REQUIRE(mistakes.empty());
    const auto gated_wires = wires_in(gated);
    for (const Branch& branch : branches) {
      CAPTURE(branch.node);
      CAPTURE(branch.number);
      const Nodes nodes = made_of(patch, wires, branch);
      CHECK(std::ranges::equal(branch.nodes, nodes));
      ++all;
      with_nodes += nodes.empty() ? 0 : 1;

      // Closed gates let nothing through.
      const NodeId last = gated.nodes[branch.node].inputs[branch.number].node;
      const Nodes sounds = sounding(gated, gated_wires, &branch);
      CHECK_FALSE(sounds.contains(last));

      // Nobody else hears them.
      const Nodes elsewhere = playing(gated, gated_wires, [&](const SpillWire& wire) {
        return wire.to == branch.node && wire.port == branch.number;
      });
      for (NodeId id = 0; id < gated.nodes.size(); ++id) {
        if (!is_gate_of(gated, id, branch)) continue;
        ++gates;
        CHECK_FALSE(elsewhere.contains(id));
      }
    }
    // Switches that are heard and have a tail have been looked at.
    const Nodes plays = playing(patch, wires);
    std::size_t expected = 0;
    for (const NodeId id : plays)
      if (patch.nodes[id].spec->kind == "switch" && patch.nodes[id].fixed[1] != Value{0.0})
        expected += patch.nodes[id].inputs.size();
    CHECK(branches.size() == expected);
  }
  CHECK(all > 1000);
  CHECK(with_nodes > 100);
  CHECK(gates > 1000);
}

TEST_CASE("gates come last, one for each signal and branch, and go without a trace") {
  std::random_device device;
  const unsigned seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 1000; ++round) {
    const Patch patch = any_branches(random, 2 + random() % 18);
    std::vector<Mistake> mistakes;
    const Patch gated = with_spillover(patch, mistakes);
    CHECK(with_spillover(patch, mistakes) == gated);
    CHECK(patch_of(record_of(gated), all_kinds()) == gated);
    CHECK(without_gates(gated, patch.nodes.size()) == patch);
    REQUIRE(gated.nodes.size() >= patch.nodes.size());
    std::vector<PatchNode> gates(gated.nodes.begin() + static_cast<std::ptrdiff_t>(patch.nodes.size()),
                                 gated.nodes.end());
    for (std::size_t i = 0; i < gates.size(); ++i) {
      CHECK(gates[i].spec == &spillover_spec);
      for (std::size_t k = 0; k < i; ++k) CHECK_FALSE(gates[i] == gates[k]);
    }
  }
}

TEST_CASE("without a tail a patch is as it was") {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    Patch patch = any_branches(random, 20);
    for (PatchNode& node : patch.nodes)
      if (node.spec->kind == "switch") node.fixed[1] = 0.0;
    std::vector<Mistake> mistakes;
    CHECK(with_spillover(patch, mistakes) == patch);
  }
}

TEST_CASE("switches inside of switches, far too many, are a mistake instead of a wait") {
  PatchMaker maker;
  const Source index = maker.input("index"), in = maker.input("in");
  Source last = maker.add("delay", {in});
  for (int i = 0; i < 20'000; ++i)
    last = maker.add("switch", {last, maker.add("add", {in}, {{"by", 1.0}})}, {{"index", index}},
                     {{"tail", 1.0}});
  maker.output("main", last);
  std::vector<Mistake> mistakes;
  CHECK(with_spillover(maker.patch, mistakes) == maker.patch);
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].text.ends_with("too many switches with a tail are inside of one another"));
  CHECK(mistakes[0].where.line > 0);
}

TEST_CASE("a switch with a tail and a number for an index is a mistake") {
  PatchMaker maker;
  const Source in = maker.input("in");
  maker.output("main", maker.add("switch", {in, in, in}, {}, {{"tail", 1.0}}, "scene"));
  std::vector<Mistake> mistakes;
  with_spillover(maker.patch, mistakes);
  REQUIRE(mistakes.size() == 1);
  CHECK(to_string(mistakes[0]) ==
        "test.lua:2: switch \"scene\": with a tail index has to be a signal: index is a number");
}
