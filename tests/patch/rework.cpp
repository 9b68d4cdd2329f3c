// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/rework.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "support/patch_maker.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// Sums with any wires, also in circles, and some that hear nothing.
Patch any_patch(std::mt19937& random, NodeId size) {
  PatchMaker maker;
  for (NodeId id = 0; id < size; ++id) {
    std::vector<Source> heard;
    for (unsigned i = random() % 4; i > 0; --i)
      heard.push_back({.node = static_cast<NodeId>(random() % size)});
    maker.add("sum", heard);
  }
  return maker.patch;
}

bool hears(const PatchNode& node, NodeId id) {
  return std::ranges::any_of(node.inputs, [id](const Source& source) { return source.node == id; });
}

}  // namespace

TEST_CASE("a part and its whole lead back to each other") {
  std::random_device device;
  const unsigned seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    const Patch whole = any_patch(random, 1 + random() % 30);
    const std::vector<NodeId> roots{static_cast<NodeId>(random() % whole.nodes.size())};
    const std::vector<bool> stays = heard_by(whole, roots);
    const PatchPart part = part_of(whole, stays);
    REQUIRE(std::ranges::is_sorted(part.origin));
    REQUIRE(static_cast<std::ptrdiff_t>(part.origin.size()) == std::ranges::count(stays, true));
    std::vector<const Spec*> kinds;
    for (const PatchNode& node : whole.nodes) kinds.push_back(node.spec);
    const Patch again = whole_of(part.patch, part.origin, kinds);
    REQUIRE(again.nodes.size() == whole.nodes.size());
    for (NodeId id = 0; id < whole.nodes.size(); ++id) {
      CHECK(again.nodes[id] == (stays[id] ? whole.nodes[id] : blank(*kinds[id])));
      // Closed: whatever stays is the root or heard by what stays, and all that it hears stays.
      const auto reads = [&](NodeId reader) { return stays[reader] && hears(whole.nodes[reader], id); };
      bool read = id == roots[0];
      for (NodeId reader = 0; reader < whole.nodes.size(); ++reader) read = read || reads(reader);
      CHECK(stays[id] == read);
    }
    CHECK(part_of(again, stays).patch == part.patch);
  }
}

TEST_CASE("after a redefinition only new nodes, and what the new signal is made of, hear the old one") {
  std::random_device device;
  const unsigned seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    const Patch before = any_patch(random, 2 + random() % 20);
    const auto any = [&] { return static_cast<NodeId>(random() % before.nodes.size()); };
    const NodeId first_new = any(), from = any(), to = any();
    if (from == to) continue;
    const Redefinition change{{.node = from}, {.node = to}};
    Patch after = before;
    redefine(after, first_new, {&change, 1});
    const auto made_of = heard_by(before, {to}, false);
    for (NodeId id = 0; id < after.nodes.size(); ++id) {
      const bool stays = id >= first_new || made_of[id];
      CHECK(hears(after.nodes[id], from) == (stays && hears(before.nodes[id], from)));
      CHECK(after.nodes[id].inputs.size() == before.nodes[id].inputs.size());
      if (stays) CHECK(after.nodes[id] == before.nodes[id]);
    }
  }
}

TEST_CASE("a lane that was heard is heard of the new signal, or what was a lane is another signal") {
  PatchMaker maker;
  const Source wide = maker.input("wide", 3), other = maker.input("other", 3);
  const Source second{.node = wide.node, .lane = 1};
  const Source heard = maker.add("sum", {wide, second, nocomp(wide)});
  const auto after = [&](const Redefinition& change) {
    Patch patch = maker.patch;
    redefine(patch, static_cast<NodeId>(patch.nodes.size()), {&change, 1});
    return patch.nodes[heard.node].inputs;
  };
  using Wires = std::vector<Source>;
  const Source lane{.node = other.node, .lane = 2};
  CHECK(after({wide, other}) == Wires{other, {.node = other.node, .lane = 1}, nocomp(other)});
  CHECK(after({wide, lane}) == Wires{lane, lane, nocomp(lane)});
  CHECK(after({second, other}) == Wires{wide, other, nocomp(wide)});
  CHECK(after({wide, nocomp(other)})[0] == nocomp(other));
}

TEST_CASE("outputs of one name take each other's place, and pins move on") {
  PatchMaker maker;
  const Source tone = maker.input("tone");
  const Source one = maker.output("one", tone), two = maker.output("two", tone);
  const Source old = maker.add("sum", {tone});
  maker.patch.nodes[old.node].pin = "hall";
  const auto first_new = static_cast<NodeId>(maker.patch.nodes.size());
  maker.output("two", tone);
  maker.patch.nodes[maker.add("sum", {tone}).node].pin = "hall";
  CHECK(replaced(maker.patch, first_new) == std::vector<NodeId>{two.node});
  CHECK(maker.patch.nodes[old.node].pin.empty());
  CHECK(maker.patch.nodes.back().pin == "hall");
  CHECK(std::get<std::string>(maker.patch.nodes[one.node].fixed[0]) == "one");
}
