// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/memory.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <malloc.h>

#include <random>

#include "engine/build.h"
#include "support/kinds.h"
#include "support/patch_maker.h"
#include "support/patches.h"
#include "support/rig.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Bytes kBudget{std::uint64_t{1} << 30U};

std::vector<Mistake> mistakes_with(const Patch& patch, Bytes budget = kBudget) {
  std::vector<Mistake> mistakes;
  compile(patch, 48000, mistakes, kBankLanes, {}, budget);
  return mistakes;
}

Source wide(PatchMaker& maker, unsigned lanes) {
  return maker.add("lanes", {}, {}, {{"values", std::vector<double>(lanes, 100)}});
}

void expect_refused(const Patch& patch, const std::string& most) {
  const auto mistakes = mistakes_with(patch);
  REQUIRE(mistakes.size() == 1);
  CAPTURE(to_string(mistakes[0]));
  CHECK(mistakes[0].text.starts_with("the patch wants "));
  CHECK(mistakes[0].text.find(" of memory, and may have 1 GiB: most of it for " + most) != std::string::npos);
  CHECK(mistakes[0].where.line > 0);
}

}  // namespace

TEST_CASE("nodes that take too much are refused, and named") {
  PatchMaker maker;
  const Source saw = maker.add("saw", {}, {{"hz", wide(maker, 65536)}});
  maker.output("main", maker.add("mix", {maker.add("delay", {saw}, {}, {{"max", 60.0}}, "echo")}));
  expect_refused(maker.patch, "echo (test.lua:3) 703 GiB");
}

TEST_CASE("so are lines that delay what has to wait") {
  PatchMaker maker;
  const Source tone = maker.add("gain", {maker.input("in", 1000)}, {}, {}, "tone");
  const Source late = maker.add("lag", {tone}, {}, {{"frames", 4194304.0}}, "gear");
  maker.output("main", maker.add("mix", {maker.add("sum", {tone, late})}));
  expect_refused(maker.patch, "tone (test.lua:2) 31.3 GiB to be heard later, gear (test.lua:3) 15.6 GiB");
}

TEST_CASE("so are feedback lines, and signals alone") {
  PatchMaker loops;
  const Source loop = loops.feedback(4194304);
  const Source around = loops.add("multiply", {loop}, {{"by", wide(loops, 200)}}, {}, "around");
  loops.close(loop, around);
  loops.output("main", loops.add("mix", {around}));
  expect_refused(loops.patch, "around (test.lua:3) 6.25 GiB to be heard later");

  PatchMaker signals;
  std::vector<Source> all;
  for (int i = 0; i < 1000; ++i) all.push_back(wide(signals, 65536));  // each kept for ever
  signals.output("main", signals.add("mix", {signals.add("sum", all)}));
  const auto mistakes = mistakes_with(signals.patch);
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].text.find("signals ") != std::string::npos);
}

TEST_CASE("what no number could count is refused, even by who does not count") {
  PatchMaker maker;
  std::vector<Source> all;
  for (int i = 0; i < 1000; ++i) {
    const Source saw = maker.add(
        "saw", {},
        {{"hz", maker.add("input", {}, {}, {{"name", fmt::format("in{}", i)}, {"lanes", 1024.0}})}});
    Source at = saw;
    for (int k = 0; k < 6; ++k) at = maker.add("join", {at, at});
    all.push_back(at);
  }
  // 2^32 lanes that are all heard at the end.
  for (int i = 0; i < 66; ++i) {
    PatchNode copy = maker.patch.nodes.back();
    for (int k = 0; k < 1000; ++k) {
      maker.patch.nodes.push_back(copy);
      all.push_back({.node = static_cast<NodeId>(maker.patch.nodes.size() - 1)});
    }
  }
  maker.output("main", maker.add("mix", {maker.add("switch", all)}));
  CHECK(mistakes_with(maker.patch, kNoBudget).size() == 1);
}

TEST_CASE("patches that are refused are never built, and those that fit are") {
  PatchMaker maker;
  maker.output("main", maker.add("delay", {maker.input("in")}, {}, {{"max", 60.0}}));
  std::vector<Mistake> mistakes;
  const Plan plan = compile(maker.patch, 48000, mistakes);
  REQUIRE(mistakes.empty());
  const Bytes all = memory_of(maker.patch, plan).all();
  CHECK(all > Bytes::of<float>(60 * 48000));
  CHECK(all < Bytes::of<float>(60 * 48000) + Bytes(16384));
  CHECK(mistakes_with(maker.patch, all).empty());
  CHECK(mistakes_with(maker.patch, Bytes(all.count() - 1)).size() == 1);
}

#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
TEST_CASE("a program takes what its plan says, and not much less") {
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto used = [] {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
  };
  for (int round = 0; round < 30; ++round) {
    CAPTURE(round);
    PatchMaker maker;
    const unsigned lanes = 1U << random() % 11;
    Source numbers = wide(maker, lanes);
    std::vector<Source> all{maker.add("saw", {}, {{"hz", numbers}})};
    const auto any = [&] { return all[random() % all.size()]; };
    const int nodes = 5 + static_cast<int>(random() % 100);
    for (int i = 0; i < nodes; ++i) {
      switch (random() % 6) {
        case 0:
          all.push_back(maker.add("lag", {any()}, {}, {{"frames", static_cast<double>(random() % 2000)}}));
          break;
        case 1:
          all.push_back(maker.add("lowpass", {any()}));
          break;
        case 2:
          all.push_back(maker.add("sum", {any(), any(), any(), any(), any()}));
          break;
        case 3:
          all.push_back(maker.add("gain", {any()}));
          break;
        case 4:
          all.push_back(maker.add("delay", {any()}, {{"time", 0.01}}, {{"max", 0.01}}));
          break;
        default:
          all.push_back(maker.add("multiply", {any()}, {{"by", any()}}));
      }
    }
    maker.output("main", maker.add("mix", {maker.add("sum", all)}));
    std::vector<Mistake> mistakes;
    const Plan plan = compile(maker.patch, 48000, mistakes);
    for (const Mistake& mistake : mistakes) FAIL(to_string(mistake));
    const auto declared = memory_of(maker.patch, plan).all().count();
    const auto before = used();
    const auto program = build(maker.patch, plan, mistakes);
    const auto taken = used() - before;
    REQUIRE(program != nullptr);
    CHECK(taken <= declared + declared / 16 + 65536);
    CHECK(declared <= 2 * taken + 65536);
  }
}
#endif
