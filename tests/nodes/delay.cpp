// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include "control/load.h"
#include "support/rig.h"
#include "support/spectrum.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr double kPi = std::numbers::pi;
constexpr std::array kRates = {44100.0, 48000.0, 96000.0, 192000.0};

/// Frames of delay, frame by frame, as a change of time makes them: e^(−t/50 ms) towards the target.
std::vector<double> glide(const Lane& time, double rate) {
  std::vector<double> frames;
  double now = static_cast<double>(time[0]) * rate;
  for (const float seconds : time) {
    const double target = static_cast<double>(seconds) * rate;
    if (!frames.empty()) now = target + (now - target) * std::exp(-1 / (0.05 * rate));
    frames.push_back(now);
  }
  return frames;
}

}  // namespace

TEST_CASE("echoes are at the frame, each the one before times the feedback, to the bit") {
  for (const double rate : kRates) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      std::mt19937_64 random(seed);
      const Frames shift = seed < 5 ? static_cast<Frames>(seed) - 1 : static_cast<Frames>(random() % 20000);
      const double feedback = std::uniform_real_distribution<double>(-0.99, 0.99)(random);
      CAPTURE(rate);
      CAPTURE(shift);
      CAPTURE(feedback);
      const Frames frames = std::max<Frames>(4 * shift, 200) + 7;
      const auto out = Rig{
          .kind = "delay",
          .rate = rate,
          .params = {{"time", static_cast<double>(shift) / rate}, {"feedback", feedback}},
          .in = {impulse(
              frames)}}.run(frames, {.seed = seed})[0];
      Sound expected = silence(1, frames);
      float height = 1;  // a loop is a frame at least: at 0 the echoes follow each other frame by frame
      for (Frames at = shift; at < frames; at += std::max<Frames>(shift, 1)) {
        expected[0][static_cast<std::size_t>(at)] = height;
        height *= static_cast<float>(feedback);
      }
      Frames wrong = 0;
      for (std::size_t i = 0; i < expected[0].size(); ++i) wrong += out[0][i] != expected[0][i];
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("a time beyond max is max, and one below nothing is nothing") {
  const auto run = [](double time) {
    return Rig{.kind = "delay",
               .params = {{"time", time}},
               .fixed = {{"max", 0.01}},
               .in = {white_noise(1, 2000, 1)}}
        .run(2000)[0];
  };
  CHECK(identical(run(5), run(0.01)));
  CHECK(identical(run(-1), run(0)));
  CHECK(run(0.01)[0][480] == white_noise(1, 2000, 1)[0][0]);
  CHECK(identical(run(0), white_noise(1, 2000, 1)));
}

TEST_CASE("a script's max grows with its time, and a time beyond it is told") {
  const auto told = [](std::string_view call) {
    const std::string text =
        fmt::format("mic = input('mic')\necho = mic:delay{}\noutput('main', echo)\n", call);
    const LoadedPatch patch =
        check("echo.lua", LoadOptions{.seconds = 20, .text = text, .print = [](std::string_view) {}});
    std::string all;
    for (const Mistake& mistake : patch.mistakes) all += to_string(mistake) + "\n";
    if (!all.empty()) return all;
    const auto& nodes = patch.patch.nodes;
    const auto echo = std::ranges::find(nodes, "echo", &PatchNode::name);
    return fmt::format("{:g}", std::get<double>(echo->fixed[0]));
  };
  CHECK(told("(0.5)") == "2");
  CHECK(told("(2.5)") == "2.5");
  CHECK(told("(mic)") == "2");
  CHECK(told("(0.5, { max = 0.6 })") == "0.6");
  CHECK(told("(2.5, { max = 2 })") ==
        "echo.lua:2: delay \"echo\": time 2.5 s is above 2 s; did you mean ms(2.5)?\n");
  CHECK(told("(0.5) echo.time = 3") ==
        "echo.lua:2: delay \"echo\": time 3 s is above 2 s; did you mean ms(3)?\n");
  CHECK(told("(61)") == "echo.lua:2: delay \"echo\": time 61 s is above 2 s; did you mean ms(61)?\n");
}

TEST_CASE("mix goes from the signal to the echoes") {
  const auto in = white_noise(1, 3000, 2);
  for (const double mix : {0.0, 0.3, 1.0}) {
    CAPTURE(mix);
    const auto out = Rig{.kind = "delay", .params = {{"time", 0.01}, {"mix", mix}}, .in = {in}}.run(3000)[0];
    Sound expected = in;
    for (std::size_t i = 0; i < 3000; ++i) {
      const double echo = i < 480 ? 0 : static_cast<double>(in[0][i - 480]);
      expected[0][i] = static_cast<float>((1 - mix) * static_cast<double>(in[0][i]) + mix * echo);
    }
    CHECK(difference_db(out, expected) < (mix == 0.3 ? -135 : -399));
  }
}

TEST_CASE("between frames it is a cubic: 3/128·w⁴ from the truth at most") {
  for (const double rate : kRates) {
    for (const double part : {0.01, 0.05, 0.1}) {  // of the rate
      for (const double shift : {1.5, 2.25, 17.5, 63.99, 1000.3}) {
        CAPTURE(rate);
        CAPTURE(part);
        CAPTURE(shift);
        const auto out = Rig{.kind = "delay",
                             .rate = rate,
                             .params = {{"time", shift / rate}},
                             .in = {sine_wave(part * rate, rate, 3000)}}
                             .run(3000)[0];
        double most = 0;
        for (std::size_t i = 1100; i < 3000; ++i) {
          const double cycles = part * (static_cast<double>(i) - shift);
          most = std::max(most, std::abs(static_cast<double>(out[0][i]) - std::sin(2 * kPi * cycles)));
        }
        CHECK(most < 3.0 / 128 * std::pow(2 * kPi * part, 4) + 3e-6);  // a float's time is 1e-7 of it short
      }
    }
  }
}

TEST_CASE(
    "a changed time glides: the output is the input at the distance that e^(-t/50 ms) says, and nothing "
    "else") {
  double worst = -400;
  for (const double rate : kRates) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      std::mt19937_64 random(seed);
      CAPTURE(rate);
      CAPTURE(seed);
      const auto frames = static_cast<Frames>(rate), ramp = static_cast<Frames>(0.005 * rate);
      std::uniform_real_distribution<double> seconds(0, 0.3);
      const double from = seconds(random), to = seconds(random);
      Lane time(static_cast<std::size_t>(frames));
      for (Frames i = 0; i < frames; ++i) {  // a jump, or the 5 ms ramp that a changed number makes
        const double done =
            seed % 2 == 1
                ? (i < frames / 3 ? 0 : 1)
                : std::clamp(static_cast<double>(i - frames / 3) / static_cast<double>(ramp), 0.0, 1.0);
        time[static_cast<std::size_t>(i)] = static_cast<float>(from + (to - from) * done);
      }
      const double hz = 500;
      const auto out = Rig{.kind = "delay",
                           .rate = rate,
                           .params = {{"time", Sound{time}}},
                           .in = {sine_wave(hz, rate, frames)}}
                           .run(frames, {.seed = seed})[0][0];
      const auto shift = glide(time, rate);
      Lane expected(out.size());
      for (std::size_t i = 0; i < out.size(); ++i) {
        const double at = static_cast<double>(i) - shift[i];
        expected[i] = at < 0 ? 0 : static_cast<float>(std::sin(2 * kPi * std::fmod(hz * at / rate, 1)));
        if (at < 4) expected[i] = out[i];  // the first frames, where the cubic meets the silence before
      }
      const double difference = difference_db({out}, {expected});
      CHECK(difference <
            -75);  // the cubic's own error at 500 Hz of 44.1 kHz is −101 dB; a float's time −83 dB
      worst = std::max(worst, difference);
    }
  }
  MESSAGE("worst difference from the glide's formula: ", worst, " dB");
}

TEST_CASE("where a glide ends, whole frames are exact again") {
  const Frames frames = 100000;
  Lane time(frames, 0.02F);
  time[0] = 0.3F;
  const auto out =
      Rig{.kind = "delay", .params = {{"time", Sound{time}}}, .in = {white_noise(1, frames, 1)}}.run(
          frames)[0][0];
  const Lane in = white_noise(1, frames, 1)[0];
  CHECK(std::equal(out.end() - 1000, out.end(), in.end() - 1960));
}

TEST_CASE("damping is a one-pole low-pass from echo to echo, -3 dB at its frequency") {
  for (const double rate : kRates) {
    for (const double cutoff : {100.0, 1000.0, 8000.0, 19000.0}) {
      CAPTURE(rate);
      CAPTURE(cutoff);
      const Frames shift = 1 << 14;
      const auto out = Rig{
          .kind = "delay",
          .rate = rate,
          .params = {{"time", static_cast<double>(shift) / rate}, {"feedback", 0.8}, {"damping", cutoff}},
          .in = {impulse(
              3 * shift)}}.run(3 * shift)[0][0];
      const Lane first(out.begin() + shift, out.begin() + 2 * shift),
          second(out.begin() + 2 * shift, out.end());
      CHECK(std::abs(db(std::abs(response(first, cutoff, rate)))) < 1e-6);  // the first is untouched
      CHECK(std::abs(db(std::abs(response(second, cutoff, rate)) / 0.8) + 3.0103) < 0.01);
      CHECK(std::abs(db(std::abs(response(second, 0, rate)) / 0.8)) < 0.01);
    }
  }
}

TEST_CASE("at the most feedback, with the time swept, it stays bounded") {
  double worst = 0;
  const Frames frames = 96000;
  for (const double feedback : {-0.99, 0.99}) {
    for (const double speed : {0.5, 7.0, 300.0}) {
      for (const double depth : {0.0001, 0.003, 0.2}) {
        CAPTURE(feedback);
        CAPTURE(speed);
        CAPTURE(depth);
        Sound time = sine_wave(speed, 48000, frames);
        for (auto& seconds : time[0]) seconds = static_cast<float>(depth) * (1 + seconds);
        Sound in = white_noise(1, frames, 3);
        const auto out =
            Rig{.kind = "delay", .params = {{"time", time}, {"feedback", feedback}}, .in = {in}}.run(
                frames)[0][0];
        CHECK(peak(out) < 100);  // 1/(1 − 0.99)
        worst = std::max(worst, peak(out));
      }
    }
  }
  MESSAGE("highest peak: ", worst);
}

TEST_CASE("bits do not depend on the split, whatever moves") {
  const Frames frames = 5000;
  Sound time = sine_wave(5, 48000, frames), damping = sine_wave(700, 48000, frames);
  for (auto& seconds : time[0]) seconds = 0.004F + 0.0041F * seconds;  // through nothing, one frame, a chunk
  for (auto& hz : damping[0]) hz = 10000 + 9000 * hz;
  const Rig rig{.kind = "delay",
                .params = {{"time", time}, {"feedback", 0.9}, {"damping", damping}, {"mix", 0.4}},
                .in = {white_noise(3, frames, 4)}};
  const auto expected = rig.run(frames)[0];
  for (const Split split : splits()) CHECK(identical(rig.run(frames, split)[0], expected));
}

TEST_CASE("an echo between frames, about as late as a call is long, does not depend on how calls are split") {
  for (const double frames : {1.25, 1.5, 2.5, 15.75, 16.5, 62.5, 63.25, 64.5, 65.0, 65.5, 100.25}) {
    CAPTURE(frames);
    const Rig rig{.kind = "delay",
                  .params = {{"time", frames / 48000}, {"feedback", 0.5}, {"damping", 3000.0}},
                  .in = {white_noise(1, 2000, 1)}};
    const auto expected = rig.run(2000, {.period = 1})[0];
    for (const Split split : splits()) CHECK(identical(rig.run(2000, split)[0], expected));
  }
}
