// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Memory of edits: what lives at once is counted, and what does not fit is refused while the rest plays on.

#include <doctest/doctest.h>

#include <algorithm>

#include "control/editor.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Bytes kSmallBudget{32 << 20};

/// A delay of a few MB that is another node each time; it fades as slowly as it says.
Patch with_delay(double max, double fade) {
  PatchMaker maker;
  const Source delay = maker.add("delay", {maker.input("in")}, {{"time", 0.01}}, {{"max", max}});
  maker.patch.nodes[delay.node].fade = fade;
  maker.output("main", delay);
  return maker.patch;
}

struct SmallStage {
  Engine engine;
  Editor editor{engine, [this](auto program, const auto&) { engine.publish(std::move(program)); }};

  std::vector<Mistake> edit(const Patch& patch, Bytes budget = kSmallBudget) {
    std::vector<Mistake> mistakes;
    Plan plan = compile(patch, 48000, mistakes, kBankLanes, {}, budget);
    if (mistakes.empty()) editor.edit(patch, plan, mistakes);
    return mistakes;
  }
  Sound play(Frames frames) {
    return perigee::test::play(engine, {Lane(static_cast<std::size_t>(frames), 0.5F)}, 1, frames, {},
                               [this](Engine&) { editor.attend(); });
  }
};

}  // namespace

TEST_CASE("saved again and again while it fades slowly, a patch takes no more than three budgets") {
  SmallStage stage;
  REQUIRE(stage.edit(with_delay(60, 30)).empty());  // 11 MB
  stage.play(4800);
  std::vector<Mistake> mistakes;
  int taken = 0;
  for (; taken < 20 && mistakes.empty(); ++taken) {
    mistakes = stage.edit(with_delay(59 - 0.1 * taken, 30));
    stage.play(640);
  }
  CHECK(taken > 4);
  CHECK(taken < 10);
  REQUIRE(mistakes.size() == 1);
  CHECK(to_string(mistakes[0]).find(": while the edit fades in, what played and what will play want ") !=
        std::string::npos);
  CHECK(mistakes[0].where.line > 0);
  CHECK(peak(stage.play(640)[0]) > 0.1);  // what was taken on last plays on
  stage.play(48000 * 31);
  CHECK(stage.edit(with_delay(30, 30)).empty());  // the fades are over
}

TEST_CASE("what an edit keeps counts once") {
  SmallStage stage;
  const auto with = [](int more) {
    PatchMaker maker;
    Source at = maker.add("delay", {maker.input("in")}, {}, {{"max", 60.0}}, "long");
    for (int i = 0; i < more; ++i) at = maker.add("gain", {at});
    maker.output("main", at);
    return maker.patch;
  };
  const Bytes tight{12 << 20};  // and the delay takes 11
  for (int i = 0; i < 30; ++i) {
    REQUIRE(stage.edit(with(i % 3), tight).empty());
    stage.play(64);
  }
}

TEST_CASE("versions that never came to be heard leave no memory behind") {
  SmallStage stage;  // nobody calls its engine
  std::vector<std::weak_ptr<Instance>> all;
  for (int i = 0; i < 50; ++i) {
    REQUIRE(stage.edit(with_delay(60 - 0.1 * i, 0.01)).empty());
    for (const auto& instance : stage.editor.instances()) all.push_back(instance);
  }
  std::size_t built = 0;
  for (const auto& weak : all)
    if (const auto one = weak.lock(); one != nullptr && one->node != nullptr) ++built;
  CHECK(built <= 4);  // the first, and those of the last
}
