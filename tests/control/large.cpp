// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Twenty thousand nodes. What takes a time that grows with the square of that does not end here before the
// test's time is over.

#include <doctest/doctest.h>

#include <random>

#include "control/editor.h"
#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr int kNodes = 20'000;

/// One of two versions of a patch.
using Make = void (*)(PatchMaker&, bool edited);

void chain(PatchMaker& maker, bool edited) {
  Source at = maker.input("in");
  for (int i = 0; i < kNodes; ++i) {
    at = maker.add(copy_of, {at});
    if (edited && i == kNodes / 2) at = maker.add(multiply_, {at}, {{"by", 0.5}});
  }
  maker.output("main", at);
}

void chain_with_more_after_each(PatchMaker& maker, bool edited) {
  Source at = maker.input("in");
  for (int i = 0; i < kNodes / 2; ++i) {
    at = maker.add(copy_of, {at});
    if (edited) at = maker.add(multiply_, {at}, {{"by", 0.9999}});
  }
  maker.output("main", at);
}

void fan(PatchMaker& maker, bool edited) {
  const Source in = maker.input("in");
  std::vector<Source> all;
  all.reserve(kNodes);
  for (int i = 0; i < kNodes; ++i)
    all.push_back(maker.add(multiply_, {in}, {{"by", (i * (edited ? 7919 : 1) % kNodes) * 1e-8}}));
  maker.output("main", maker.add(late_sum, all));
}

void tree(PatchMaker& maker, bool edited) {
  const Source in = maker.input("in");
  std::vector<Source> level;
  level.reserve(kNodes / 2);
  for (int i = 0; i < kNodes / 2; ++i) level.push_back(maker.add(multiply_, {in}, {{"by", i * 1e-8}}));
  if (edited) level.erase(level.begin() + 1000, level.begin() + 1100);
  while (level.size() > 1) {
    std::vector<Source> next;
    for (std::size_t i = 1; i < level.size(); i += 2)
      next.push_back(maker.add(late_sum, {level[i - 1], level[i]}));
    if (level.size() % 2 == 1) next.push_back(level.back());
    level = std::move(next);
  }
  maker.output("main", level[0]);
}

/// Most wires are delayed.
void web(PatchMaker& maker, bool edited) {
  std::mt19937_64 random(1);
  std::vector<Source> all{maker.input("in")};
  const auto any = [&] { return all[random() % all.size()]; };
  for (int i = 0; i < kNodes; ++i) {
    const double frames = random() % 4 == 0 ? 1.0 + static_cast<double>(random() % 20) : 0;
    const Source one = any(), other = any();
    all.push_back(maker.add(late_sum, {one, other}, {{"gain", 0.5}}, {{"frames", frames}}));
    if (edited && i == kNodes / 2) all.back() = maker.add(copy_of, {all.back()});
  }
  maker.output("main", maker.add(late_sum, all, {{"gain", 1.0 / kNodes}}));
}

/// None of which can be the one before.
void other_delays(PatchMaker& maker, bool edited) {
  const Source in = maker.input("in");
  std::vector<Source> all;
  all.reserve(kNodes);
  for (int i = 0; i < kNodes; ++i)
    all.push_back(maker.add(late_sum, {in}, {{"gain", 1.0 / kNodes}},
                            {{"frames", static_cast<double>(i % 50 + (edited ? 50 : 0))}}));
  maker.output("main", maker.add(late_sum, all));
}

void switches(PatchMaker& maker, bool edited) {
  const Source in = maker.input("in");
  Source at = in;
  for (int i = 0; i < kNodes / 2; ++i) {
    const Source other = maker.add(multiply_, {in}, {{"by", i * 1e-4}});
    at = maker.add("switch", {at, other}, {{"index", i % 100 == 0 ? 1.0 : 0.0}});
    if (edited && i == kNodes / 4) at = maker.add(copy_of, {at});
  }
  maker.output("main", at);
}

/// Each the name of two nodes' scope.
void names(PatchMaker& maker, bool edited) {
  const Source in = maker.input("in");
  std::vector<Source> all;
  for (int i = 0; i < kNodes / 2; ++i) {
    const int number = edited && i % 3 == 0 ? i + kNodes : i;  // a third of them are renamed
    const Source part = maker.add(multiply_, {in}, {{"by", i * 1e-8}});
    all.push_back(maker.add(copy_of, {part}, {}, {}, "voice" + std::to_string(number)));
  }
  maker.output("main", maker.add(late_sum, all));
}

struct Player {
  Engine engine;
  Editor editor{engine, [this](auto program, const auto&) { engine.publish(std::move(program)); }};
  Frames at = 0;

  void edit(const Patch& patch) {
    std::vector<Mistake> mistakes;
    editor.edit(patch, plan_of(patch), mistakes);
    REQUIRE(mistakes.empty());
  }
  Sound play(const Sound& in, Frames frames) {
    const auto from = in[0].begin() + at;
    at += frames;
    return perigee::test::play(engine, {Lane(from, from + frames)}, 1, frames, {},
                               [this](Engine&) { editor.attend(); });
  }
};

}  // namespace

TEST_CASE("a large patch that was edited sounds like one that was loaded so") {
  constexpr Frames kBefore = 128, kFading = 2560, kHeard = 64;
  const Sound in = white_noise(1, kBefore + kFading + kHeard, 1);
  const Make forms[] = {chain, chain_with_more_after_each, fan, tree, web, other_delays, switches, names};
  for (std::size_t form = 0; form < std::size(forms); ++form) {
    CAPTURE(form);
    PatchMaker before, after;
    forms[form](before, false);
    forms[form](after, true);
    Player edited, fresh;
    edited.edit(before.patch);
    edited.play(in, kBefore);
    edited.edit(after.patch);
    edited.play(in, kFading);
    CHECK_FALSE(edited.editor.attend());
    fresh.edit(after.patch);
    fresh.play(in, kBefore + kFading);
    const Sound heard = edited.play(in, kHeard);
    CHECK(peak(heard[0]) > 1e-6);
    CHECK(identical(heard, fresh.play(in, kHeard)));
  }
}
