// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nodes that run together sound as if each ran alone, to the bit.

#include "plan/banks.h"

#include <doctest/doctest.h>

#include <random>

#include "engine/build.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kFrames = 4000;

struct Move {
  Frames time;
  NodeId node;
  unsigned param;
  float value;
  Frames glide;
};

/// Sounds that are scaled in all ways on their way into one sum: by numbers and by signals, some too large
/// for a float, some heard elsewhere as well, some late.
void add_scaled(PatchMaker& maker, const std::vector<Source>& sounds, std::mt19937_64& random) {
  const auto any = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  const Source slow = maker.add("sine", {}, {{"hz", 5.0}});
  const Source both = maker.add("lanes", {}, {}, {{"values", std::vector<double>{0.5, -0.25}}});
  std::vector<Source> scaled{slow};
  const bool late = any(3) == 0;  // then most wires into the sum are delayed
  for (const Source& sound : sounds) {
    Source at = sound;
    for (int i = any(4); i > 0; --i) {
      const double numbers[] = {-0.5, 0, 2, 1e25, 1e30};
      if (any(2) == 0)
        at = maker.add("gain", {at}, {{"level", any(40) - 30.0}});
      else
        at = maker.add("multiply", {at}, {{"by", any(10) == 0 ? Setting(slow) : Setting(numbers[any(5)])}});
      if (late && any(20) == 0) at = maker.add("lag", {at}, {}, {{"frames", 1.0 + any(200)}});
      if (any(20) == 0) scaled.push_back(at);
    }
    if (any(8) != 0) at = maker.add("pan", {at}, {{"position", any(200) * 0.01 - 1}});
    if (any(4) == 0) at = maker.add("multiply", {at}, {{"by", both}});
    if (any(10) == 0) maker.output("scaled" + std::to_string(at.node), at);
    if (any(20) != 0) scaled.push_back(at);
  }
  maker.output("scaled", maker.add("sum", scaled));
}

/// Voices of one design with a few that differ: other kinds, lanes, numbers that are signals, delays, effects
/// that come from a loop; and some that are divided by a number that may become 0.
Patch random_voices(std::mt19937_64& random) {
  PatchMaker maker;
  const auto any = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  const char* const sources[] = {"saw", "sine", "square", "triangle", "pulse"};
  const char* const filters[] = {"lowpass", "highpass", "bandpass", "notch", "allpass"};
  const bool late = any(3) == 0;
  const int usual_source = any(5), usual_filter = any(5), voices = 1 + any(90);
  const Source slow = maker.add("sine", {}, {{"hz", 3.0}});
  const Source cutoff = maker.add("add", {maker.add("multiply", {slow}, {{"by", 500.0}})}, {{"by", 900.0}});
  const Source loop = maker.feedback(64 + any(300));
  std::vector<Source> heard, narrow;
  for (int i = 0; i < voices; ++i) {
    const bool odd = any(6) == 0;
    const Setting hz =
        odd && any(2) == 0
            ? Setting(maker.add("lanes", {}, {}, {{"values", std::vector<double>{50.0 + i, 99}}}))
            : Setting(60.0 + 3 * i);
    Source voice = maker.add(sources[odd ? any(5) : usual_source], {}, {{"hz", hz}});
    if (late && any(10) == 0) voice = maker.add("lag", {voice}, {}, {{"frames", 1.0 + any(200)}});
    if (any(10) == 0) voice = maker.add("multiply", {voice}, {{"by", 3e38}});  // filters are reset
    voice = maker.add(filters[odd ? any(5) : usual_filter], {voice},
                      {{"cutoff", any(8) == 0 ? Setting(cutoff) : Setting(200.0 + 40 * i)}, {"q", 2.0}});
    voice = maker.add("gain", {voice}, {{"level", -20.0 - any(10)}});
    if (any(10) == 0) voice = maker.add("subtract", {voice}, {{"by", loop}});
    if (any(4) == 0) voice = maker.add("divide", {voice}, {{"by", 2.0}});
    if (maker.patch.nodes[voice.node].spec->kind == "divide" || !odd)
      voice = maker.add("peak", {voice}, {{"cutoff", 1000.0}, {"gain", 6.0}, {"q", 1.0}});
    if (!odd) narrow.push_back(voice);
    heard.push_back(odd ? voice : maker.add("pan", {voice}, {{"position", any(200) * 0.01 - 1}}));
    heard.back() = maker.add("mix", {heard.back()});
  }
  const Source shared = maker.add("saw", {});  // a bank reads it, and nobody else
  for (int i = any(20); i > 0; --i) heard.push_back(maker.add("gain", {shared}, {{"level", -10.0 - i}}));
  narrow.push_back(shared);
  add_scaled(maker, narrow, random);
  const Source all = maker.add("sum", heard);
  maker.close(loop, maker.add("gain", {all}, {{"level", -30.0}}));
  maker.output("main", all);
  for (std::size_t i = 0; i < heard.size(); i += 7) maker.output("tap" + std::to_string(i), heard[i]);
  return maker.patch;
}

std::vector<Move> random_moves(const Patch& patch, std::mt19937_64& random) {
  std::vector<Move> moves;
  for (int i = 0; i < 300; ++i) {
    const auto node = static_cast<NodeId>(random() % patch.nodes.size());
    const auto& spec = *patch.nodes[node].spec;
    if (spec.params.empty()) continue;
    const auto param = static_cast<unsigned>(random() % spec.params.size());
    const double share = static_cast<double>(random() % 1000) / 1000;
    const Param& of = spec.params[param];
    const bool to_zero = spec.kind == "divide" && random() % 4 == 0;
    const double low = std::max(of.min, -2000.0), high = std::min(of.max, 2000.0);
    const Frames glides[] = {0, 1, 64, 100, 1000};
    moves.push_back({static_cast<Frames>(random() % kFrames), node, param,
                     static_cast<float>(to_zero ? 0 : low + share * (high - low)), glides[random() % 5]});
  }
  std::ranges::sort(moves, {}, &Move::time);
  return moves;
}

struct Played {
  Sound sound;
  std::vector<std::pair<std::string, Frames>> faults;
  bool operator==(const Played&) const = default;
};

Played play_with(const Patch& patch, const std::vector<Move>& moves, unsigned bank_lanes, Split split) {
  std::vector<Mistake> mistakes;
  const Plan plan = compile(patch, 48000, mistakes, bank_lanes);
  auto program = build(patch, plan, mistakes);
  REQUIRE(mistakes.empty());
  const auto instances = program->instances;
  const unsigned channels = program->out_channels;
  Engine engine;
  engine.publish(std::move(program));
  std::size_t next = 0;
  Played played;
  played.sound = play(engine, {}, channels, kFrames, split, [&](Engine& now) {
    // In time: a whole random period ahead.
    for (; next < moves.size() && moves[next].time < now.now() + 2000; ++next) {
      const Move& move = moves[next];
      REQUIRE(now.send({.time = move.time,
                        .target = instances[move.node].get(),
                        .param = move.param,
                        .value = move.value,
                        .glide = move.glide}));
    }
  });
  Report report;
  while (engine.receive(report))
    if (report.what == Report::What::fault) played.faults.emplace_back(report.from->name, report.time);
  std::ranges::sort(played.faults);
  return played;
}

}  // namespace

TEST_CASE("random voices, with numbers set and nodes silenced on the way, in banks of any size") {
  std::size_t faults = 0, banked = 0, scaling = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const Patch patch = random_voices(random);
    const auto moves = random_moves(patch, random);
    const Played alone = play_with(patch, moves, 0, {});
    faults += alone.faults.size();
    for (const unsigned lanes : {1U, 5U, 16U, kBankLanes, 1000U}) {
      CAPTURE(lanes);
      CHECK(play_with(patch, moves, lanes, {}) == alone);
      CHECK(play_with(patch, moves, lanes, {.seed = seed}).sound == alone.sound);
    }
    for (const Step& step : plan_of(patch).steps) {
      banked += step.members.size() > 1 ? 1 : 0;
      for (const Scaled& one : step.unscaled) scaling += one.by.size();
    }
  }
  CHECK(faults > 100);
  CHECK(banked > 100);
  CHECK(scaling > 500);
}

TEST_CASE("every node is in one group, after those that feed it") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const Patch patch = random_voices(random);
    const Plan plan = plan_of(patch);
    for (const unsigned lanes : {0U, 16U, kBankLanes}) {
      std::vector<int> group_of(patch.nodes.size(), -1);
      int number = 0;
      const auto parts = mix_parts(patch, plan, WiresTo(plan.wires, patch.nodes.size()));
      for (const Group& group : banks_of(patch, plan, parts, lanes)) {
        for (const NodeId id : group.nodes) {
          CHECK(group_of[id] == -1);
          group_of[id] = number;
        }
        ++number;
      }
      for (const Wire& wire : plan.wires)
        if (!wire.closes && group_of[wire.from.node] != group_of[wire.to])
          CHECK(group_of[wire.from.node] < group_of[wire.to]);
      CHECK(std::ranges::count(group_of, -1) == 0);
    }
  }
}
