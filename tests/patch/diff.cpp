// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/diff.h"

#include <doctest/doctest.h>

#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

Diff diff_of(const PatchMaker& before, const PatchMaker& after) {
  std::vector<Mistake> none;
  return diff(before.patch, shapes(before.patch, 48000, none), after.patch, shapes(after.patch, 48000, none));
}

/// A chain of gains with these levels behind one input, heard at one output.
struct Chain : PatchMaker {
  std::vector<Source> gains;
  explicit Chain(const std::vector<double>& levels) {
    Source at = input("mic");
    for (const double level : levels) gains.push_back(at = add("gain", {at}, {{"level", level}}));
    output("main", at);
  }
};

}  // namespace

TEST_CASE("nothing changed: everything is kept") {
  const Chain chain({-1, -2, -3});
  const Diff same = diff_of(chain, chain);
  CHECK(summary(same) == "kept 5, new 0, gone 0");
  CHECK(same.old_of == std::vector<NodeId>{0, 1, 2, 3, 4});
}

TEST_CASE("a line put in, taken out, or moved is seen as in a text diff") {
  const Diff put = diff_of(Chain({-1, -2, -3}), Chain({-1, -9, -2, -3}));
  CHECK(put.old_of == std::vector<NodeId>{0, 1, kNoNode, 2, 3, 4});
  CHECK(summary(put) == "kept 5, new 1, gone 0");
  const Diff taken = diff_of(Chain({-1, -2, -3}), Chain({-1, -3}));
  CHECK(taken.new_of == std::vector<NodeId>{0, 1, kNoNode, 2, 3});
}

TEST_CASE("an edited literal keeps its node, in order") {
  const Diff edited = diff_of(Chain({-1, -2, -3}), Chain({-1, -5, -3}));
  CHECK(edited.old_of == std::vector<NodeId>{0, 1, 2, 3, 4});
  const Diff all = diff_of(Chain({-1, -2, -3}), Chain({-4, -5, -6}));
  CHECK(all.old_of == std::vector<NodeId>{0, 1, 2, 3, 4});
  CHECK(details(edited, Chain({-1, -2, -3}).patch, Chain({-1, -5, -3}).patch) ==
        "~ gain gain#3 (line 3): level -2 dB → -5 dB\n");
}

TEST_CASE("inputs are no part of identity, fixed values and widths are") {
  PatchMaker before, after;
  const Source a = before.input("a"), b = before.input("b");
  before.output("main", before.add("lag", {before.add("gain", {a})}, {}, {{"frames", 10.0}}));
  before.output("rest", b);
  after.input("a");
  const Source other = after.input("b");
  after.output("main", after.add("lag", {after.add("gain", {other})}, {}, {{"frames", 20.0}}));
  const Diff changes = diff_of(before, after);
  CHECK(changes.old_of == std::vector<NodeId>{0, 1, 2, kNoNode, 4});
}

TEST_CASE("scopes are globals: equal nodes elsewhere are not mixed up") {
  PatchMaker before, after;
  const Source mic = before.input("mic");
  before.output("one", before.add("gain", {mic}, {{"level", -1.0}}, {}, "one"));
  before.output("two", before.add("gain", {mic}, {{"level", -2.0}}, {}, "two"));
  const Source again = after.input("mic");
  after.output("two", after.add("gain", {again}, {{"level", -1.0}}, {}, "two"));
  after.output("one", after.add("gain", {again}, {{"level", -2.0}}, {}, "one"));
  const Diff changes = diff_of(before, after);
  CHECK(changes.old_of == std::vector<NodeId>{0, 3, 4, 1, 2});
}

TEST_CASE("x = x * 2 keeps what x was; a renamed global keeps its nodes") {
  PatchMaker before, after, renamed;
  before.output("main", before.add("sine", {}, {{"hz", 440.0}}, {}, "x"));
  const Source tone = after.add("sine", {}, {{"hz", 440.0}});
  after.output("main", after.add("multiply", {tone}, {{"by", 2.0}}, {}, "x"));
  CHECK(diff_of(before, after).old_of == std::vector<NodeId>{0, kNoNode, 1});
  renamed.output("main", renamed.add("sine", {}, {{"hz", 440.0}}, {}, "y"));
  CHECK(diff_of(before, renamed).old_of == std::vector<NodeId>{0, 1});
}

TEST_CASE("thousands of nodes of a kind are paired in a moment, and rightly") {
  std::vector<double> levels, more;
  for (int i = 0; i < 20000; ++i) levels.push_back(-0.001 * i);
  more = levels;
  more.insert(more.begin() + 7000, -55);
  more.erase(more.begin() + 15000);
  const Diff changes = diff_of(Chain(levels), Chain(more));
  CHECK(summary(changes) == "kept 20002, new 0, gone 0");  // the one left over is paired in order
  CHECK(changes.old_of[7000] == 7000);
  CHECK(changes.old_of[10002] == 10001);
}

TEST_CASE("thousands of nodes that are built otherwise are new, those between them kept") {
  const auto lags = [](double more) {
    PatchMaker maker;
    Source at = maker.input("mic");
    for (int i = 0; i < 20000; ++i) at = maker.add("lag", {at}, {}, {{"frames", i % 3 == 0 ? 1 : i + more}});
    maker.output("main", at);
    return maker;
  };
  const Diff changes = diff_of(lags(0), lags(100000));
  CHECK(summary(changes) == "kept 6669, new 13333, gone 13333");
}

TEST_CASE("a pin finds its node where order and literals would find another") {
  const auto chain = [](const std::vector<double>& levels, std::size_t pinned) {
    Chain made(levels);
    if (pinned < levels.size()) made.patch.nodes[made.gains[pinned].node].pin = "tank";
    return made;
  };
  // Without pins −1 meets −1.
  CHECK(diff_of(chain({-1, -2}, 9), chain({-2, -1}, 9)).old_of == std::vector<NodeId>{0, 2, 1, 3});
  // With one, the pinned −1 is now −2, and what else there is pairs among itself.
  CHECK(diff_of(chain({-1, -2}, 0), chain({-2, -1}, 0)).old_of == std::vector<NodeId>{0, 1, 2, 3});
  // Pinned only now, or no more: as if there were no pin.
  CHECK(diff_of(chain({-1, -2}, 9), chain({-2, -1}, 0)).old_of == std::vector<NodeId>{0, 2, 1, 3});
  CHECK(diff_of(chain({-1, -2}, 0), chain({-2, -1}, 9)).old_of == std::vector<NodeId>{0, 2, 1, 3});
}

TEST_CASE("two pins are two nodes, and a pinned node with other fixed values gives its place to nobody") {
  const auto lags = [](double first, double second, const std::string& pin) {
    PatchMaker maker;
    const Source mic = maker.input("mic");
    const Source a = maker.add("lag", {mic}, {}, {{"frames", first}});
    maker.patch.nodes[a.node].pin = pin;
    maker.output("a", a);
    maker.output("b", maker.add("lag", {mic}, {}, {{"frames", second}}));
    return maker;
  };
  CHECK(diff_of(lags(10, 20, "x"), lags(10, 20, "y")).old_of == std::vector<NodeId>{0, kNoNode, 2, 3, 4});
  // The second lag of 10 frames does not get the state of the pinned one that was replaced.
  CHECK(diff_of(lags(10, 20, "x"), lags(30, 10, "x")).old_of ==
        std::vector<NodeId>{0, kNoNode, 2, kNoNode, 4});
}
