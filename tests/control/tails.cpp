// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Switches with a tail, by sound: what was played before a change sounds on, and what is played after it is
// not heard through what was left.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <random>
#include <thread>

#include "drivers/worker_threads.h"
#include "node/spillover.h"
#include "support/play.h"
#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kFade = 480, kTail = 24000;  // of the scripts here, at 48 kHz
constexpr std::string_view kTimes = "{ fade = ms(10), tail = 0.5 }";

/// The script's inputs come first, so that they are the first lanes.
Sound render(const std::string& script, const Sound& in, Frames frames, Split split = {},
             unsigned threads = 1) {
  LoadOptions options{.seconds = 20, .text = script, .print = [](std::string_view) {}};
  options.threads = {.most = threads, .gain = threads == 1 ? 0 : -1e9};
  LoadedPatch patch = load("tails.lua", options);
  for (const Mistake& mistake : patch.mistakes) MESSAGE(to_string(mistake));
  REQUIRE(patch.program != nullptr);
  CHECK(patch.plan.threads() == threads);
  const unsigned channels = patch.program->out_channels;
  Engine engine;
  const WorkerThreads workers(engine, threads);
  engine.publish(std::move(patch.program));
  return play(engine, in, channels, frames, split);
}

/// A number that changes at frames.
Lane numbers_from(Frames frames, const std::vector<std::pair<Frames, float>>& points) {
  Lane lane(static_cast<std::size_t>(frames), 0.F);
  for (const auto& [from, value] : points) std::fill(lane.begin() + from, lane.end(), value);
  return lane;
}

Lane clicks(Frames frames, const std::vector<Frames>& places) {
  Lane lane(static_cast<std::size_t>(frames), 0.F);
  for (const Frames at : places) lane[static_cast<std::size_t>(at)] = 1;
  return lane;
}

Lane first(const Lane& lane, Frames frames) { return {lane.begin(), lane.begin() + frames}; }

/// Branches that hold something, made of `gtr`.
const std::vector<std::string> kEchoes = {
    "echo = gtr:delay(0.05, { feedback = 0.7 })",
    "back = feedback(2400); echo = gtr + back * 0.7; back:from(echo)",
    "echo = (quiet + gtr):delay(0.05, { feedback = 0.7 }) * (1 + lfo(3) * 0.5)",
    "echo = (1 - lfo(3)) * (gtr:pan(0.3):mix():delay(0.05, { feedback = 0.7 }) - gtr)",
    "echo = gtr:reverb{ size = 0.4 }; probe(echo)",
};

std::string scene_of(const std::string& echo) {
  return fmt::format(
      "gtr, index, quiet = input('gtr'), input('index'), input('quiet')\n{}\n"
      "output('main', switch(index, {{ quiet, echo, quiet:lowpass(100) }}, {}))\n",
      echo, kTimes);
}

}  // namespace

TEST_CASE("echoes go on as if nothing had happened for the tail, then fade; what comes later makes none") {
  const Frames change = 5000, end = change + kFade + kTail, frames = end + 5000;
  const Lane nothing(static_cast<std::size_t>(frames), 0.F);
  for (const std::string& echo : kEchoes) {
    CAPTURE(echo);
    const std::string script = scene_of(echo);
    const Lane index = numbers_from(frames, {{0, 1.F}, {change, 0.F}});
    const Lane before = clicks(frames, {1000, 4900});
    const Lane always = render(script, {before, numbers_from(frames, {{0, 1.F}}), nothing}, frames)[0];
    REQUIRE(peak(Lane(always.begin() + end - 2500, always.begin() + end)) > 1e-6);
    // All the while new ones come, save while the gate still closes.
    Lane gtr = before;
    for (Frames at = change + kFade; at < frames; at += 1777) gtr[static_cast<std::size_t>(at)] = 1;
    const Lane out = render(script, {gtr, index, nothing}, frames)[0];
    CHECK(first(out, end) == first(always, end));
    CHECK(peak(Lane(out.begin() + end + kFade, out.end())) == 0);
    for (Frames i = end; i < frames; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const double part = 1 - static_cast<double>(i - end + 1) / static_cast<double>(kFade + 1);
      const double gain = std::clamp(part, 0.0, 1.0);  // two branches are alike
      CHECK(std::abs(out[at] - gain * always[at]) < 1e-6);
    }
    for (const Split split : splits()) CHECK(render(script, {gtr, index, nothing}, frames, split)[0] == out);
    CHECK(render(script, {gtr, index, nothing}, frames, {.seed = 9}, 2)[0] == out);
  }
}

TEST_CASE("back within the tail, echoes were never gone, and what is played is heard again") {
  const Frames change = 5000, back = change + 9000, frames = 60000;
  const Lane nothing(static_cast<std::size_t>(frames), 0.F);
  for (const std::string& echo : kEchoes) {
    CAPTURE(echo);
    const std::string script = scene_of(echo);
    const Lane index = numbers_from(frames, {{0, 1.F}, {change, 2.F}, {back, 1.F}});
    const Lane always = render(
        script, {clicks(frames, {1000, back + kFade, 30000}), numbers_from(frames, {{0, 1.F}}), nothing},
        frames)[0];
    const Lane out =
        render(script, {clicks(frames, {1000, 7000, 10000, back - 1, back + kFade, 30000}), index, nothing},
               frames)[0];
    CHECK(out == always);
  }
}

TEST_CASE("long left, a branch opens in 5 ms and fades in as it is heard") {
  const Frames frames = 80000, change = 70000;
  const Lane nothing(static_cast<std::size_t>(frames), 0.F), ones(static_cast<std::size_t>(frames), 1.F);
  const Lane out = render(
      "gtr, index, quiet = input('gtr'), input('index'), input('quiet')\n"
      "output('main', switch(index, { quiet, gtr:delay(0) }, { fade = ms(10), tail = 0.5 }))",
      {ones, numbers_from(frames, {{0, 1.F}, {1000, 0.F}, {change, 1.F}}), nothing}, frames)[0];
  for (Frames i = change - 10000; i < frames; ++i) {
    const double part = std::clamp(static_cast<double>(i - change + 1) / (kFade + 1), 0.0, 1.0);
    const double opening = std::min(2 * part, 1.0);  // a fade takes 10 ms
    const double gain = std::sin(std::numbers::pi / 2 * part) * std::sin(std::numbers::pi / 2 * opening);
    CHECK(std::abs(out[static_cast<std::size_t>(i)] - gain) < 1e-6);
  }
}

TEST_CASE("whatever is chosen, nothing clicks") {
  const Frames frames = 48000;
  const std::string script =
      "gtr, index = input('gtr'), input('index')\n"
      "output('main', switch(index, { gtr, gtr:delay(0.013, { mix = 0.5 }), gtr:lowpass(900):delay(0.05) },\n"
      "                      { fade = ms(10), tail = 0.05 }))\n";
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::vector<std::pair<Frames, float>> points = {{0, 0.F}};
    for (Frames at = 0; at < frames - 4000; points.emplace_back(at, static_cast<float>(random() % 3)))
      at += 1 + static_cast<Frames>(random() % 4000);
    const Lane index = numbers_from(frames, points), gtr = sine_wave(100, 48000, frames)[0];
    const Lane out = render(script, {gtr, index}, frames)[0];
    // Three branches at once, each a sine, with gains of at most 1 that take half a fade at least, in and
    // out.
    const double own = 2 * std::numbers::pi * 100 / 48000, fade = std::numbers::pi / kFade;
    double most = 0;
    for (std::size_t i = 1; i < out.size(); ++i) most = std::max<double>(most, std::abs(out[i] - out[i - 1]));
    CHECK(most < 3 * (own + 2 * fade));
    CHECK(render(script, {gtr, index}, frames, {.seed = seed})[0] == out);
  }
}

TEST_CASE("what others hear too, they go on hearing") {
  const Frames frames = 20000;
  const auto script = [](std::string_view times) {
    return fmt::format(
        "gtr, index, quiet = input('gtr'), input('index'), input('quiet')\n"
        "shared = gtr:delay(0.01, {{ feedback = 0.5 }})\n"
        "scene = switch(index, {{ quiet, shared:lowpass(500) }}, {})\n"
        "output('send', shared)\noutput('main', scene)\n",
        times);
  };
  const Lane index = numbers_from(frames, {{0, 1.F}, {5000, 0.F}});
  const Lane nothing(static_cast<std::size_t>(frames), 0.F);
  const Sound in = {white_noise(1, frames, 1)[0], index, nothing};
  const Sound plain = render(script("{ fade = ms(10) }"), in, frames),
              spilling = render(script(kTimes), in, frames);
  CHECK(spilling[0] == plain[0]);
  CHECK(first(spilling[1], 5000) == first(plain[1], 5000));
  // The filter rings on by itself: from its gate on it is the response of nothing.
  CHECK(peak(Lane(spilling[1].begin() + 5000, spilling[1].begin() + 5000 + kFade)) > 0.001);
  CHECK(peak(Lane(spilling[1].begin() + 7000, spilling[1].end())) < 1e-6);
}

TEST_CASE("saves keep gates; another tail makes new ones") {
  const auto script = [](double tail, std::string_view more = "") {
    return fmt::format(
        "gtr, vox = input('gtr'), input('vox')\n"
        "choice = param{{ 0, 0, 1 }}\n"
        "scene = switch(choice, {{ gtr:lowpass(500), (gtr + vox):delay(0.05, {{ feedback = 0.7 }}) }},\n"
        "               {{ fade = ms(10), tail = {} }})\n"
        "output('main', scene){}\n",
        tail, more);
  };
  Bench bench(script(2));
  const std::size_t nodes = bench.live.editor().patch().nodes.size();
  CHECK(nodes == 8 + 3);  // gtr into the first; gtr and vox into the second
  bench.play(4800);
  REQUIRE(bench.reload() == Texts());
  CHECK(bench.live.summary() == fmt::format("kept {}, new 0, gone 0", nodes));
  bench.settle();
  REQUIRE(bench.save(script(2, " tone = saw(100) output('tone', tone)")) == Texts());
  CHECK(bench.live.summary() == fmt::format("kept {}, new 2, gone 0", nodes));
  bench.settle();
  REQUIRE(bench.save(script(3)) == Texts());
  CHECK(bench.live.summary() == fmt::format("kept {}, new 4, gone 6", nodes - 4));
  bench.settle();
  REQUIRE(bench.save(script(0)) == Texts());
  CHECK(bench.live.summary() == fmt::format("kept {}, new 1, gone 4", nodes - 4));
  bench.settle();
  CHECK(bench.live.undo());
  CHECK(bench.live.editor().patch().nodes.size() == nodes);
}

TEST_CASE("code that is sent knows nothing of gates, and the patch has them anew") {
  Bench bench(
      "gtr = input('gtr')\n"
      "choice = param{ 1, 0, 1 }\n"
      "tone = saw(110) * 0.1\n"
      "scene = switch(choice, { gtr, tone:delay(0.05, { feedback = 0.7 }) }, { fade = ms(10), tail = 2 })\n"
      "output('main', scene)\n"
      "loop(1, function() choice:set(1) wait(1) end)\n");
  const auto send = [&](const std::string& code) {
    bench.live.start_run({.text = code, .file = "block.lua"}, {});
    while (true) {
      if (auto sent = bench.live.attend_run()) {
        bench.settle();
        for (const Mistake& mistake : sent->mistakes) MESSAGE(to_string(mistake));
        return sent->summary;
      }
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  };
  const auto gates = [&] {
    return std::ranges::count(bench.live.editor().patch().nodes, &spillover_spec, &PatchNode::spec);
  };
  CHECK(gates() == 2);
  CHECK(send("output('more', saw(50))") == "kept 9, new 2, gone 0");
  CHECK(gates() == 2);
  // A filter that only the branch hears is a part of it.
  CHECK(send("tone = tone:lowpass(300)") == "kept 11, new 1, gone 0");
  CHECK(gates() == 2);
  // Heard elsewhere it is not: the gate is behind it now.
  CHECK(send("output('more', tone)") == "kept 11, new 0, gone 1");
  CHECK(gates() == 2);
  CHECK(send("1 + 1").empty());
  bench.play(4800);
  for (int i = 0; i < 2; ++i) {
    CHECK(bench.live.undo());
    bench.settle();
  }
  CHECK(gates() == 2);
  CHECK(send("scene = gtr") == "kept 7, new 0, gone 4");
}

TEST_CASE("an index that is a number is set by saves, by code that is sent and by hand, and has no ramp") {
  const auto script = [](std::string_view index) {
    return fmt::format(
        "gtr = input('gtr')\n"
        "scene = switch({}, {{ gtr, gtr:delay(0.05, {{ feedback = 0.7 }}), -gtr }}, {{ fade = 0, tail = 2 "
        "}})\n"
        "output('main', scene)\n",
        index);
  };
  Bench bench(script("0"));
  const auto send = [&](const std::string& code) {
    bench.live.start_run({.text = code, .file = "block.lua"}, {});
    while (true) {
      if (auto sent = bench.live.attend_run()) {
        bench.settle();
        bench.live.play(0);
        bench.play(4800);
        return bench.told(sent->mistakes);
      }
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  };
  const auto save = [&](std::string_view index) {
    const Texts told = bench.save(script(index));
    bench.settle();
    bench.play(4800);
    return told;
  };
  // With no fade, what is heard at the end is the input or, of the last branch, the input turned over.
  const auto turned = [&] {
    const Lane in = white_noise(1, kChunk, static_cast<std::uint64_t>(bench.at - kChunk) + 1, 0.1F)[0];
    const Lane out(bench.heard.end() - kChunk, bench.heard.end());
    if (identical({out}, {in})) return 1;
    Lane other = in;
    for (float& sample : other) sample = -sample;
    return identical({out}, {other}) ? -1 : 0;
  };
  bench.play(4800);
  CHECK(turned() == 1);
  CHECK(send("scene.index = 2") == Texts());
  CHECK(turned() == -1);
  CHECK(save("0") == Texts());
  CHECK(turned() == 1);
  const auto at = number_at(bench.live.editor().patch(), bench.node("scene"), 0);
  REQUIRE(at);
  REQUIRE(
      bench.engine.send({.target = bench.live.editor().instance(at->node), .param = at->param, .value = 2}));
  bench.play(4800);
  CHECK(turned() == -1);
  CHECK(save(" 0") == Texts());  // a literal that was not edited leaves what hands have set
  CHECK(turned() == -1);
  CHECK(send("scene.index = 0") == Texts());
  CHECK(turned() == 1);
  CHECK(save("2") == Texts());
  CHECK(turned() == -1);
  CHECK(send("scene.index = -3") == Texts{"block.lua:1: switch \"scene\": index -3 is below 0"});
  CHECK(turned() == -1);
  CHECK(save("gtr * 0") == Texts());
  CHECK(turned() == 1);
  CHECK(send("scene.index = 2") == Texts());  // in place of the signal
  CHECK(turned() == -1);
  CHECK(bench.live.undo());
  bench.settle();
  bench.play(4800);
  CHECK(turned() == 1);
}

TEST_CASE("mistakes about tails are told by file and line") {
  const auto told = [](std::string_view call) {
    const std::string text = fmt::format("a, two = input('a'), input('b', 2)\n\noutput('main', {})\n", call);
    const LoadedPatch patch =
        check("tails.lua", LoadOptions{.seconds = 20, .text = text, .print = [](std::string_view) {}});
    std::vector<std::string> texts;
    for (const Mistake& mistake : patch.mistakes) texts.push_back(to_string(mistake));
    return texts;
  };
  using Told = std::vector<std::string>;
  CHECK(told("switch(a, { a, a }, { tail = 60.5 })") ==
        Told{"tails.lua:3: switch: tail 60.5 s is above 60 s; did you mean ms(60.5)?"});
  CHECK(told("switch(a, { a, a }, { tail = -1 })") == Told{"tails.lua:3: switch: tail -1 s is below 0 s"});
  CHECK(told("switch(-1, { a, a }, { tail = 1 })") == Told{"tails.lua:3: switch: index -1 is below 0"});
  CHECK(
      told("switch(two, { a, two }, { tail = 1 })") ==
      Told{
          "tails.lua:3: switch: index has 2 lanes, but with a tail one index serves all lanes: take one with "
          "[n]"});
  CHECK(told("switch(a, { a, a:delay(1)[3] }, { tail = 1 })") ==
        Told{"tails.lua:3: switch: delay#3 has no lane 3: its lanes are 1 to 1"});
  CHECK(told("switch(a, { a, two[3]:delay(1) }, { tail = 1 })") ==
        Told{"tails.lua:3: delay: two has no lane 3: its lanes are 1 to 2"});
}
