// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Edits that nobody hears, measured.

#include "control/editor.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// An engine, edited while it plays offline.
class Stage {
 public:
  Stage()
      : editor_(engine_, [this](auto program, const auto&) {
          largest = std::max(largest, program->steps.size());
          engine_.publish(std::move(program));
        }) {}

  Diff edit(const Patch& patch) {
    std::vector<Mistake> mistakes;
    const Plan plan = compile(patch, 48000, mistakes);
    for (const Mistake& mistake : mistakes) MESSAGE(to_string(mistake));
    REQUIRE(mistakes.empty());
    const Diff changes = editor_.edit(patch, plan, mistakes);
    REQUIRE(mistakes.empty());
    return changes;
  }
  /// Plays on for so many frames; all inputs are silent. What the output main makes is heard.
  void play(Frames frames, int period = 64) {
    const Lane silence(static_cast<std::size_t>(period));
    std::vector<Lane> played(8, silence);
    std::vector<const float*> in(8, silence.data());
    std::vector<float*> out;
    for (Lane& lane : played) out.push_back(lane.data());
    for (Frames at = 0; at < frames; at += period) {
      editor_.attend();
      const Program* const program = engine_.take();
      REQUIRE(program->out_channels <= played.size());
      engine_.run(in.data(), 8, out.data(), 8, period);
      const auto main = std::ranges::find(program->outputs, "main", &PortBinding::name);
      const Lane& lane = main == program->outputs.end() ? silence : played[main->first_channel];
      heard.insert(heard.end(), lane.begin(), lane.end());
    }
  }
  void set(NodeId node, unsigned param, float value, Frames glide = 0) {
    REQUIRE(engine_.send({.time = engine_.now(),
                          .target = editor_.instance(node),
                          .param = param,
                          .value = value,
                          .glide = glide}));
  }
  /// Whether the engine has room for it.
  bool send(const Event& event) { return engine_.send(event); }
  bool at_rest() { return !editor_.attend(); }
  Editor& editor() { return editor_; }

  Lane heard;
  std::size_t largest = 0;  ///< program that was published, in steps

 private:
  Engine engine_;
  Editor editor_;
};

/// The largest fourth difference: small for what is smooth, 6 × its height for a click of one frame.
double roughness(const Lane& lane) {
  double most = 0;
  for (std::size_t i = 4; i < lane.size(); ++i) {
    const double x = static_cast<double>(lane[i]) - 4.0 * static_cast<double>(lane[i - 1]) +
                     6.0 * static_cast<double>(lane[i - 2]) - 4.0 * static_cast<double>(lane[i - 3]) +
                     static_cast<double>(lane[i - 4]);
    most = std::max(most, std::abs(x));
  }
  return most;
}

/// A −60 dB click of one frame has a fourth difference of 6e-3. Tones of at most 500 Hz and the fades that
/// edits make stay below a third of that.
constexpr double kSmooth = 2e-3;

}  // namespace

TEST_CASE("the detector catches a click of −60 dB in one frame") {
  Sound tone = sine_wave(440, 48000, 10000, 0.5);
  CHECK(roughness(tone[0]) < kSmooth / 10);
  tone[0][5000] += 1e-3F;
  CHECK(roughness(tone[0]) > 2 * kSmooth);
}

TEST_CASE("what an edit does not touch goes on to the bit") {
  // Phases, filters, envelopes, tails, loops and compensated wires, while another branch comes and goes.
  const auto patch = [](int more) {
    PatchMaker maker;
    const Source tone = maker.add("saw", {}, {{"hz", 110.0}});
    const Source gate = maker.add("square", {}, {{"hz", 3.0}});
    const Source voice = maker.add("multiply", {tone}, {{"by", maker.add("adsr", {gate})}});
    const Source late =
        maker.add("lag", {maker.add("lowpass", {voice}, {{"cutoff", 900.0}})}, {}, {{"frames", 200.0}});
    const Source echo = maker.add("delay", {voice}, {{"time", 0.05}, {"feedback", 0.7}});
    const Source hall = maker.add("reverb", {voice});
    const Source loop = maker.feedback(100);
    const Source ring = maker.add("add", {voice}, {{"by", maker.add("multiply", {loop}, {{"by", 0.6}})}});
    maker.close(loop, ring);
    const Source loud = maker.add("compressor", {ring}, {{"threshold", -40.0}});
    maker.output("main",
                 maker.add("sum", {late, echo, hall, loud, maker.add("noise", {}, {}, {{"seed", 7.0}})}));
    // On a new port; on one more wire out of what is heard; with a latency that delays all of it.
    if (more == 1) maker.output("more", maker.add("gain", {maker.add("sine", {})}));
    if (more == 2) maker.output("more", maker.add("reverb", {ring}));
    return maker.patch;
  };
  Stage edited, left;
  for (Stage* stage : {&edited, &left}) stage->edit(patch(0));
  for (int i = 0; i < 9; ++i) {
    for (Stage* stage : {&edited, &left}) stage->play(i % 2 == 0 ? 4800 : 200);
    const Diff changes = edited.edit(patch(i % 3));
    CHECK(changes.kept >= 15);
  }
  for (Stage* stage : {&edited, &left}) stage->play(4800);
  CHECK(edited.heard == left.heard);
}

TEST_CASE("between relatives a fade keeps the level, between strangers the power") {
  const auto between = [](bool other, auto&& from) {
    PatchMaker maker;
    const auto [a, b] = from(maker);
    maker.output("main", maker.add("gain", {other ? b : a}, {{"level", 0.0}}));
    return maker.patch;
  };
  using Pair = std::pair<Source, Source>;
  // DC from one source, over two paths that are alike.
  const auto relatives = [](PatchMaker& maker) {
    const Source dc = maker.add("constant", {}, {{"value", 0.5}});
    return Pair{maker.add("multiply", {dc}, {{"by", 1.0}}, {}, "a"),
                maker.add("multiply", {dc}, {{"by", 1.0}}, {}, "b")};
  };
  Stage dc;
  dc.edit(between(false, relatives));
  for (int i = 0; i < 5; ++i) {
    dc.play(1200);
    dc.edit(between(i % 2 == 0, relatives));
  }
  dc.play(1200);
  for (const float x : dc.heard) REQUIRE(static_cast<double>(x) == doctest::Approx(0.5).epsilon(1e-6));

  // Noise from two sources: the power in the middle of a fade, over many.
  const auto strangers = [](PatchMaker& maker) {
    return Pair{maker.add("noise", {}, {}, {{"seed", 1.0}}, "a"),
                maker.add("noise", {}, {}, {{"seed", 2.0}}, "b")};
  };
  Stage noise;
  noise.edit(between(false, strangers));
  double middle = 0, rest = 0;
  for (int i = 0; i < 200; ++i) {
    noise.play(1280);
    noise.edit(between(i % 2 == 0, strangers));
    const std::size_t start = noise.heard.size();
    noise.play(640);
    for (std::size_t k = 0; k < 160; ++k) {
      const auto square = [&](std::size_t at) { return std::pow(static_cast<double>(noise.heard[at]), 2); };
      middle += square(start + 64 + 160 + k);
      rest += square(start - 160 + k);
    }
  }
  // 32,000 frames of noise: the estimate is good to 0.1 dB. A linear fade would show −3 dB.
  CHECK(std::abs(10 * std::log10(middle / rest)) < 0.3);
}

TEST_CASE("rewiring keeps the oscillator's phase and fades") {
  PatchMaker one, two;
  const Source a = one.add("sine", {}, {{"hz", 300.0}}, {}, "a");
  one.add("sine", {}, {{"hz", 410.0}}, {}, "b");
  one.output("main", one.add("multiply", {a}, {{"by", 0.25}}));
  two.add("sine", {}, {{"hz", 300.0}}, {}, "a");
  const Source b = two.add("sine", {}, {{"hz", 410.0}}, {}, "b");
  two.output("main", two.add("multiply", {b}, {{"by", 0.25}}));
  Stage stage;
  stage.edit(one.patch);
  stage.play(4800);
  CHECK(stage.edit(two.patch).kept == 4);
  stage.play(4800);
  CHECK(stage.at_rest());
  const Sound before = sine_wave(300, 48000, 9600, 0.25), after = sine_wave(410, 48000, 9600, 0.25);
  CHECK(difference_db({Lane(stage.heard.begin(), stage.heard.begin() + 4800)},
                      {Lane(before[0].begin(), before[0].begin() + 4800)}) < -120);
  CHECK(difference_db({Lane(stage.heard.begin() + 5500, stage.heard.end())},
                      {Lane(after[0].begin() + 5500, after[0].end())}) < -120);
  CHECK(roughness(stage.heard) < kSmooth);
}

TEST_CASE("latency that comes and goes crossfades between taps, without a gap") {
  const auto patch = [](bool late) {
    PatchMaker maker;
    const Source tone = maker.add("sine", {}, {{"hz", 200.0}}, {}, "tone");
    const Source dry = maker.add("multiply", {tone}, {{"by", 0.25}}, {}, "dry");
    Source wet = maker.add("multiply", {tone}, {{"by", 0.25}}, {}, "wet");
    if (late) wet = maker.add("lag", {wet}, {}, {{"frames", 1000.0}});
    maker.output("main", maker.add("sum", {dry, wet}));
    return maker.patch;
  };
  Stage stage;
  stage.edit(patch(false));
  for (int i = 0; i < 6; ++i) {
    stage.play(9600);
    CHECK(stage.at_rest());
    stage.edit(patch(i % 2 == 0));
  }
  stage.play(9600);
  CHECK(roughness(stage.heard) < kSmooth);
  // Never quieter, over a period of the tone, than two taps a quarter period apart would make it.
  for (std::size_t at = 480; at + 240 < stage.heard.size(); at += 240)
    CHECK(peak(Lane(stage.heard.begin() + static_cast<Frames>(at),
                    stage.heard.begin() + static_cast<Frames>(at) + 240)) > 0.2);
}

TEST_CASE("two effects change places: their wires would close a cycle, so one goes before the other comes") {
  const auto patch = [](bool swapped) {
    PatchMaker maker;
    const Source tone = maker.add("sine", {}, {{"hz", 200.0}}, {}, "tone");
    const Source quiet = maker.add("multiply", {tone}, {{"by", 0.25}}, {}, "quiet");
    const Source a = maker.add("delay", {quiet}, {{"time", 0.001}}, {}, "a");
    const Source b = maker.add("lowpass", {a}, {{"cutoff", 800.0}}, {}, "b");
    if (swapped) {
      maker.patch.nodes[b.node].inputs[0] = quiet;
      maker.patch.nodes[a.node].inputs[0] = b;
      maker.output("main", a);
    } else {
      maker.output("main", b);
    }
    return maker.patch;
  };
  Stage stage;
  stage.edit(patch(false));
  for (int i = 0; i < 4; ++i) {
    stage.play(9600);
    CHECK(stage.at_rest());
    CHECK(stage.edit(patch(i % 2 == 0)).kept == 5);
  }
  stage.play(9600);
  CHECK(roughness(stage.heard) < kSmooth);
}

namespace {

Patch patch_of_two(bool other) {
  PatchMaker maker;
  const Source a = maker.add("sine", {}, {{"hz", 200.0}}, {}, "a"),
               b = maker.add("saw", {}, {{"hz", 333.0}}, {}, "b");
  maker.output("main", maker.add("multiply", {other ? b : a}, {{"by", 0.2}}));
  return maker.patch;
}

}  // namespace

TEST_CASE("a new delay's echoes begin as softly as its sound did") {
  const auto patch = [](bool echoes, bool other) {
    PatchMaker maker;
    const Source tone = maker.add("sine", {}, {{"hz", 200.0}}, {}, "tone");
    Source wet = maker.add("multiply", {tone}, {{"by", 0.25}}, {}, "wet");
    if (echoes) wet = maker.add("delay", {wet}, {{"time", 0.03}, {"feedback", 0.7}});
    Source sum = maker.add("sum", {tone, wet});
    if (other)  // new from its source on
      sum = maker.add("sum",
                      {sum, maker.add("delay", {maker.add("sine", {}, {{"hz", 150.0}})}, {{"time", 0.03}})});
    maker.output("main", maker.add("multiply", {sum}, {{"by", 0.2}}));
    return maker.patch;
  };
  Stage stage;
  stage.edit(patch(false, false));
  stage.play(4800);
  stage.edit(patch(true, false));
  stage.play(9600);
  stage.edit(patch(true, true));
  stage.play(9600);
  CHECK(roughness(stage.heard) < kSmooth);
}

TEST_CASE("a feedback wire can be led elsewhere") {
  const auto patch = [](bool other) {
    PatchMaker maker;
    const Source a = maker.add("sine", {}, {{"hz", 200.0}}, {}, "a"),
                 b = maker.add("sine", {}, {{"hz", 333.0}}, {}, "b");
    const Source loop = maker.feedback();
    maker.close(loop, other ? b : a);
    maker.output("main", maker.add("multiply", {maker.add("sum", {a, loop})}, {{"by", 0.2}}));
    return maker.patch;
  };
  Stage stage;
  stage.edit(patch(false));
  for (int i = 0; i < 4; ++i) {
    stage.play(4800);
    stage.edit(patch(i % 2 == 0));
  }
  stage.play(4800);
  CHECK(stage.at_rest());
  CHECK(roughness(Lane(stage.heard.begin() + 1000, stage.heard.end())) < kSmooth);
}

TEST_CASE("a number edited by hand stays, until its line is edited") {
  const auto patch = [](double by, bool more) {
    PatchMaker maker;
    maker.output("main", maker.add("multiply", {maker.add("constant", {}, {{"value", 1.0}})}, {{"by", by}},
                                   {}, "level"));
    if (more) maker.output("more", maker.add("sine", {}));
    return maker.patch;
  };
  Stage stage;
  stage.edit(patch(0.5, false));
  stage.play(640);
  CHECK(stage.heard.back() == 0.5F);
  stage.set(1, 0, 0.75F);
  stage.play(640);
  CHECK(stage.heard.back() == 0.75F);
  stage.edit(patch(0.5, true));
  stage.play(4800);
  CHECK(stage.heard.back() == 0.75F);
  stage.edit(patch(0.25, true));
  stage.play(4800);
  CHECK(stage.heard.back() == 0.25F);
}

TEST_CASE("what nodes refuse changes nothing, to the bit") {
  PatchMaker good, bad;
  good.output("main", good.add("saw", {}, {{"hz", 100.0}}));
  bad.output("main", bad.add("gain", {bad.add("saw", {}, {{"hz", 120.0}})}));
  const Spec refusing = {
      .kind = "refusing",
      .in = find_kind("gain")->in,
      .out = find_kind("gain")->out,
      .make = [](const Setup&) -> std::unique_ptr<Node> { throw std::runtime_error("no such file"); }};
  bad.add(refusing, {{.node = 0}});
  Stage edited, left;
  for (Stage* stage : {&edited, &left}) {
    stage->edit(good.patch);
    stage->play(4800);
  }
  std::vector<Mistake> mistakes;
  edited.editor().edit(bad.patch, compile(bad.patch, 48000, mistakes), mistakes);
  REQUIRE(mistakes.size() == 1);
  CHECK(to_string(mistakes[0]) == "test.lua:4: refusing: no such file");
  for (Stage* stage : {&edited, &left}) stage->play(4800);
  CHECK(edited.heard == left.heard);
}

TEST_CASE("the sound of an edit does not depend on the period") {
  const auto run = [](int period) {
    Stage stage;
    stage.edit(patch_of_two(false));
    stage.play(6400, period);
    stage.edit(patch_of_two(true));
    stage.play(6400, period);
    return stage.heard;
  };
  const Lane expected = run(64);
  for (const int period : {1, 16, 100, 3200}) {
    CAPTURE(period);
    CHECK(run(period) == expected);
  }
}

namespace {

/// A slow fade from 0 to `level`, while other outputs come and go.
Patch slow_patch(double level, int others) {
  PatchMaker maker;
  const Source held = maker.add("constant", {}, {{"value", level}}, {}, level > 0 ? "loud" : "");
  if (level > 0) maker.patch.nodes[held.node].fade = 0.5;
  maker.output("main", level > 0 ? held : maker.add("multiply", {held}, {{"by", 0.0}}));
  for (int i = 0; i < others; ++i)
    maker.output("other" + std::to_string(i), maker.add("sine", {}, {{"hz", 100.0 + i}}));
  return maker.patch;
}

}  // namespace

TEST_CASE("a fade takes as long as the patch says, and edits meanwhile neither wait nor disturb it") {
  Stage edited, left;
  for (Stage* stage : {&edited, &left}) {
    stage->edit(slow_patch(0, 0));
    stage->play(640);
    stage->edit(slow_patch(0.5, 0));
    stage->play(4800);
  }
  for (int others = 1; others < 4; ++others) {
    edited.edit(slow_patch(0.5, others % 3));
    for (Stage* stage : {&edited, &left}) stage->play(960);
  }
  for (Stage* stage : {&edited, &left}) stage->play(28800);
  CHECK(edited.at_rest());
  CHECK(edited.heard == left.heard);
  const auto at = [&](std::size_t i) { return static_cast<double>(left.heard[i]); };
  CHECK(at(704) < 1e-4);  // a period after the edit it begins
  CHECK(at(704 + 12000) == doctest::Approx(0.5 * std::sqrt(0.5)).epsilon(0.02));  // of strangers, equal power
  CHECK(at(704 + 23500) < 0.5);
  CHECK(at(704 + 24064) == 0.5);
}

TEST_CASE("what goes takes as long as it says, too") {
  Stage stage;
  stage.edit(slow_patch(0.5, 0));
  stage.play(640);
  stage.edit(slow_patch(0, 0));
  stage.play(12000);
  CHECK(static_cast<double>(stage.heard.back()) == doctest::Approx(0.5 * std::sqrt(0.5)).epsilon(0.05));
  stage.play(14000);
  CHECK(stage.heard.back() == 0);
  CHECK(stage.at_rest());
}

TEST_CASE("an edit in mid-fade sounds within 20 ms, and can turn back half-way") {
  const auto patch = [](bool other, bool pad) {
    PatchMaker maker;
    maker.output("main", maker.add("constant", {}, {{"value", other ? 0.8 : 0.2}}, {}, other ? "b" : "a"));
    if (pad) {
      const Source slow = maker.add("constant", {}, {{"value", 1.0}}, {}, "slow");
      maker.patch.nodes[slow.node].fade = 10;
      maker.output("pad", slow);
    }
    return maker.patch;
  };
  Stage stage;
  stage.edit(patch(false, false));
  stage.play(640);
  stage.edit(patch(false, true));
  stage.play(48000);
  stage.edit(patch(true, true));
  stage.play(960);
  CHECK(stage.heard.back() == 0.8F);
  stage.edit(patch(false, true));
  stage.play(256);
  CHECK(stage.heard.back() > 0.3F);
  CHECK(stage.heard.back() < 0.7F);
  stage.edit(patch(true, true));
  stage.play(960);
  CHECK(stage.heard.back() == 0.8F);
  CHECK_FALSE(stage.at_rest());  // the pad is still coming
  CHECK(roughness(stage.heard) < kSmooth);
}

TEST_CASE("an output that went comes back in the middle of its fade") {
  const auto patch = [](bool there) {
    PatchMaker maker;
    const Source tone = maker.add("sine", {}, {{"hz", 200.0}}, {}, "tone");
    if (there) maker.output("main", maker.add("multiply", {tone}, {{"by", 0.3}}));
    maker.output("other", maker.add("gain", {tone}));
    return maker.patch;
  };
  Stage stage;
  stage.edit(patch(true));
  for (int i = 0; i < 20; ++i) {
    stage.play(48 + 16 * i, 16);
    stage.edit(patch(i % 2 != 0));
  }
  stage.play(4800);
  CHECK(stage.at_rest());
  const Sound tone = sine_wave(200, 48000, static_cast<Frames>(stage.heard.size()), 0.3);
  CHECK(difference_db({Lane(stage.heard.end() - 2400, stage.heard.end())},
                      {Lane(tone[0].end() - 2400, tone[0].end())}) < -100);
  CHECK(roughness(stage.heard) < kSmooth);
}

TEST_CASE("a port that becomes wider or narrower fades on the channels that it keeps") {
  const auto patch = [](int lanes) {
    PatchMaker maker;
    const Source tone = maker.add("sine", {}, {{"hz", 200.0}}, {}, "tone");
    const Source quiet = maker.add("multiply", {tone}, {{"by", 0.3}}, {}, "quiet");
    maker.output(
        "main",
        lanes == 1 ? quiet : maker.add("join", std::vector<Source>(static_cast<std::size_t>(lanes), quiet)));
    maker.output("other", maker.add("gain", {tone}));
    return maker.patch;
  };
  Stage stage;
  stage.edit(patch(2));
  for (const int lanes : {3, 2, 4, 3, 2}) {
    stage.play(2400);
    stage.edit(patch(lanes));
    stage.play(200);
    stage.edit(patch(lanes + 1));  // in the middle
  }
  stage.play(4800);
  CHECK(stage.at_rest());
  CHECK(roughness(stage.heard) < kSmooth);
  // The way from the one to the other: old and new are alike, and add up to what they are.
  for (std::size_t at = 480; at + 240 < stage.heard.size(); at += 240)
    REQUIRE(peak(Lane(stage.heard.begin() + static_cast<Frames>(at),
                      stage.heard.begin() + static_cast<Frames>(at) + 240)) > 0.2);
}

TEST_CASE("a number set by hand is where the fade to a signal begins") {
  const auto patch = [](bool signal) {
    PatchMaker maker;
    const Source one = maker.add("constant", {}, {{"value", 1.0}}, {}, "one");
    const Source level = maker.add("constant", {}, {{"value", 0.1}}, {}, "level");
    maker.output("main", maker.add("multiply", {one}, {{"by", signal ? Setting{level} : Setting{0.5}}}));
    return maker.patch;
  };
  Stage stage;
  stage.edit(patch(false));
  stage.play(640);
  stage.set(2, 0, 0.9F, 9600);  // in mid-glide
  stage.play(4800);
  const double reached = static_cast<double>(stage.heard.back());
  CHECK(reached == doctest::Approx(0.7).epsilon(0.03));
  stage.edit(patch(true));
  stage.play(64);
  CHECK(static_cast<double>(stage.heard.back()) == doctest::Approx(reached).epsilon(0.1));
  stage.play(960);
  CHECK(stage.heard.back() == 0.1F);
  stage.edit(patch(false));  // and back, in pieces
  stage.play(128);
  stage.edit(patch(true));
  stage.play(128);
  stage.edit(patch(false));
  stage.play(9600);
  CHECK(stage.heard.back() == 0.5F);
  CHECK(stage.at_rest());
  CHECK(roughness(stage.heard) < kSmooth);
}

TEST_CASE("what is not ready yet is waited for, also by the edits that come meanwhile: no gap") {
  // Two copies of a tone meet, one of them late: the other one's delay line has to fill.
  const auto patch = [](double lag, bool led) {
    PatchMaker maker;
    const Source tone = maker.add("sine", {}, {{"hz", 200.0}}, {}, "tone");
    const Source dry = maker.add("multiply", {tone}, {{"by", 0.2}}, {}, "dry");
    const Source late = lag > 0 ? maker.add("lag", {tone}, {}, {{"frames", lag}}, "late") : tone;
    const Source wet = maker.add("multiply", {late}, {{"by", 0.2}}, {}, "wet");
    const Source third = maker.add("multiply", {led ? late : tone}, {{"by", 0.2}}, {}, "third");
    maker.output("main", maker.add("sum", {dry, wet, third}));
    return maker.patch;
  };
  // The second edit comes when the first one waits: with a delay that the new line will have, but has not
  // yet; and with one more wire from the node that is still silent.
  for (const auto& second : {patch(2400, false), patch(4800, true)}) {
    Stage stage;
    stage.edit(patch(0, false));
    stage.play(4800);
    stage.edit(patch(4800, false));
    stage.play(256);
    stage.edit(second);
    stage.play(19200);
    CHECK(stage.at_rest());
    CHECK(roughness(stage.heard) < kSmooth);
    // All three are in phase at every delay: periods of the tone, so that any that is missing is missed.
    for (std::size_t at = 4800; at + 240 < stage.heard.size(); at += 240)
      REQUIRE(peak(Lane(stage.heard.begin() + static_cast<Frames>(at),
                        stage.heard.begin() + static_cast<Frames>(at) + 240)) > 0.55);
  }
}

TEST_CASE("what a slow signal goes through comes and goes as slowly") {
  const auto patch = [](bool there) {
    PatchMaker maker;
    const Source dry = maker.add("constant", {}, {{"value", 0.1}}, {}, "dry");
    if (!there) {
      maker.output("main", maker.add("sum", {dry, maker.add("constant", {}, {{"value", 0.0}}, {}, "none")}));
      return maker.patch;
    }
    const Source slow = maker.add("constant", {}, {{"value", 0.5}}, {}, "slow");
    maker.patch.nodes[slow.node].fade = 0.2;
    const Source more = maker.add("gain", {maker.add("multiply", {slow}, {{"by", 0.5}})}, {{"level", 0.0}});
    maker.output("main", maker.add("sum", {dry, more}));
    return maker.patch;
  };
  Stage stage;
  stage.edit(patch(false));
  stage.play(640);
  for (const bool there : {true, false}) {
    const double goal = there ? 0.35 : 0.1;
    stage.edit(patch(there));
    stage.play(4800);
    CHECK(std::abs(static_cast<double>(stage.heard.back()) - goal) > 0.05);
    stage.play(5000);
    CHECK(static_cast<double>(stage.heard.back()) == doctest::Approx(goal).epsilon(1e-6));
  }
}

TEST_CASE("edits as fast as they can be made: what runs stays bounded") {
  const auto patch = [](int which) {
    PatchMaker maker;
    std::vector<Source> all;
    for (int i = 0; i < 4; ++i)
      all.push_back(
          maker.add("sine", {}, {{"hz", 100.0 + i}}, {}, std::string(1, static_cast<char>('a' + i))));
    maker.output("main", maker.add("multiply", {all[static_cast<std::size_t>(which % 4)]}, {{"by", 0.3}}));
    return maker.patch;
  };
  Stage stage;
  stage.edit(patch(0));
  for (int i = 1; i < 3000; ++i) {
    stage.edit(patch(i));
    stage.play(16, 16);
  }
  // A fade of 480 frames is met by 30 edits, each of which adds a fade.
  CHECK(stage.largest > 25);
  CHECK(stage.largest < 50);
  stage.play(4800);
  CHECK(stage.at_rest());
  CHECK(roughness(stage.heard) < kSmooth);
}

namespace {

using Random = std::mt19937_64;

/// A patch as text lines would be edited: a few voices into a sum, each a source and effects.
struct Voice {
  double hz = 200;
  bool noise = false;
  double fade = 0;
  std::vector<std::pair<std::string, double>> effects;
};

Patch patch_of(const std::vector<Voice>& voices) {
  PatchMaker maker;
  std::vector<Source> all;
  for (const Voice& voice : voices) {
    Source at;
    if (voice.noise) {  // band-limited: 36 dB an octave above its edge
      at = maker.add("noise", {}, {}, {{"seed", voice.hz}});
      for (int i = 0; i < 3; ++i) at = maker.add("lowpass", {at}, {{"cutoff", voice.hz}});
    } else {
      at = maker.add("sine", {}, {{"hz", voice.hz}});
    }
    for (const auto& [kind, number] : voice.effects) {
      if (kind == "lag") {
        at = maker.add("lag", {at}, {}, {{"frames", number}});
      } else if (kind == "feedback") {
        const Source loop = maker.feedback();
        const Source sum = maker.add("add", {at}, {{"by", maker.add("multiply", {loop}, {{"by", number}})}});
        maker.close(loop, sum);
        at = maker.add("multiply", {sum}, {{"by", 0.5}});
      } else if (kind == "lanes") {
        if (number > 0) {
          at = maker.add("pan", {maker.add("mix", {at})}, {{"position", number}});
        } else {
          at = maker.add("join", {at, at, at});
        }
      } else {
        at = maker.add(kind, {at}, {{kind == "lowpass" ? "cutoff" : "by", number}});
      }
    }
    if (voice.fade > 0) maker.patch.nodes[at.node].fade = voice.fade;
    all.push_back(maker.add("mix", {at}));
  }
  maker.output("main", maker.add("multiply", {maker.add("sum", all)}, {{"by", 0.07}}));
  return maker.patch;
}

void edit_at_random(std::vector<Voice>& voices, Random& random) {
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const auto hz = [&] { return 50 + static_cast<double>(random() % 400); };
  const auto effect = [&]() -> std::pair<std::string, double> {
    switch (pick(5)) {
      case 4:
        return {"lanes", static_cast<double>(pick(3)) * 0.3};
      case 0:
        return {"lag", static_cast<double>(1 + pick(700))};
      case 1:
        return {"lowpass", 200 + static_cast<double>(pick(3000))};
      case 2:
        return {"feedback", 0.1 + 0.01 * static_cast<double>(pick(40))};
      default:
        return {"multiply", 0.2 + 0.01 * static_cast<double>(pick(80))};
    }
  };
  Voice& voice = voices[pick(voices.size())];
  switch (pick(6)) {
    case 0:
      if (voices.size() < 6)
        voices.push_back({hz(), pick(3) == 0, pick(3) == 0 ? 0.001 * static_cast<double>(pick(200)) : 0, {}});
      break;
    case 1:
      if (voices.size() > 1) voices.erase(voices.begin() + static_cast<Frames>(pick(voices.size())));
      break;
    case 2:
      voice.hz = hz();
      break;
    case 3:
      if (voice.effects.size() < 4)
        voice.effects.insert(voice.effects.begin() + static_cast<Frames>(pick(voice.effects.size() + 1)),
                             effect());
      break;
    case 4:
      if (!voice.effects.empty())
        voice.effects.erase(voice.effects.begin() + static_cast<Frames>(pick(voice.effects.size())));
      break;
    default:
      if (!voice.effects.empty()) std::swap(voice.effects.front(), voice.effects.back());
  }
}

}  // namespace

TEST_CASE("a thousand random edits, also in the middle of each other: no step") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    constexpr int periods[] = {16, 64, 64, 256};
    Stage stage;
    std::vector<Voice> voices{{200, false, 0, {}}, {310, false, 0, {{"lowpass", 900}}}};
    stage.edit(patch_of(voices));
    stage.play(2000);
    std::size_t tested = stage.heard.size();
    for (int i = 0; i < 100; ++i) {
      CAPTURE(i);
      edit_at_random(voices, random);
      stage.edit(patch_of(voices));
      const int period = periods[random() % std::size(periods)];
      stage.play(64 + static_cast<Frames>(random() % (i % 10 < 3 ? 200 : 3000)), period);
      const Lane recent(stage.heard.begin() + static_cast<Frames>(tested) - 8, stage.heard.end());
      REQUIRE(roughness(recent) < kSmooth);
      tested = stage.heard.size();
    }
    stage.play(9600);
    CHECK(stage.at_rest());
  }
}

TEST_CASE("what waits for nodes that end with a restart gives its room back") {
  const auto value = [](double number) {
    PatchMaker maker;
    maker.output("main", maker.add(value_of, {}, {{"value", number}}));
    return maker.patch;
  };
  Stage stage;
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    stage.edit(value(1));
    stage.play(64);
    // As many as the engine has room for, and the next that has none.
    const Event late{.time = INT64_MAX / 2, .target = stage.editor().instance(0), .value = 5};
    for (int sent = 0; sent < 16384; ++sent)
      if (!stage.send(late)) {
        stage.play(64);
        REQUIRE(stage.send(late));
      }
    stage.play(64);
    stage.set(0, 0, 2);
    stage.play(64);
    CHECK(stage.heard.back() == 1);
    stage.editor().restart();
    stage.edit(value(3));
    stage.play(64);
    CHECK(stage.heard.back() == 3);
    stage.set(0, 0, 4);
    stage.play(64);
    CHECK(stage.heard.back() == 4);
  }
}

TEST_CASE("a slow oscillation in beats keeps the tempo that it was made for, whoever runs beside it") {
  const auto patch = [](double tempo, bool other) {
    PatchMaker maker;
    maker.patch.tempo = tempo;
    const auto slow = [&](const char* name) { return maker.add("lfo", {}, {}, {{"beats", 1.0}}, name); };
    if (other) maker.output("other", slow("b"));
    maker.output("main", slow("a"));
    return maker.patch;
  };
  Stage edited, left;
  for (Stage* stage : {&edited, &left}) stage->edit(patch(120, false));
  edited.play(6400);
  edited.edit(patch(77, true));
  edited.play(25600);
  left.play(32000);
  CHECK(edited.at_rest());
  CHECK(edited.heard == left.heard);
}
