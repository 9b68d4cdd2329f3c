// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "support/rig.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// The envelope in closed form, in seconds and double precision.
struct Form {
  bool exponential;
  double attack, decay, sustain, release;

  double left(double x, bool rising) const {
    if (x >= 1) return 0;
    if (!exponential) return 1 - x;
    return rising ? (4 * std::pow(4, -x) - 1) / 3 : (std::pow(1000, -x) - 0.001) / 0.999;
  }
  /// So long after the gate went on, from a level.
  double on(double from, double seconds) const {
    if (seconds < attack) return 1 + (from - 1) * left(seconds / attack, true);
    return decay > 0 ? sustain + (1 - sustain) * left((seconds - attack) / decay, false) : sustain;
  }
  double off(double from, double seconds) const {
    return release > 0 ? from * left(seconds / release, false) : 0;
  }
};

}  // namespace

TEST_CASE("the envelope is its closed form on every frame, also when a gate comes back too soon") {
  double worst = -400;
  for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0})
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
      CAPTURE(rate);
      CAPTURE(seed);
      std::mt19937_64 random(seed);
      const auto time = [&] { return static_cast<double>(static_cast<float>(random() % 1000) * 3e-5F); };
      const Form form{seed % 2 == 0, time(), time(), static_cast<double>(random() % 9) / 8, time()};
      constexpr Frames kFrames = 12000;
      Sound gate = silence(1, kFrames);
      Lane expected;
      double from = 0, level = 0;
      Frames since = 0, next = 100;
      bool on = false;
      for (Frames i = 0; i < kFrames; ++i) {
        if (i == next) {
          on = !on;
          from = level;  // of the frame before
          since = i;
          next = i + 1 + static_cast<Frames>(random() % 3000);
        }
        gate[0][static_cast<std::size_t>(i)] = on ? 0.51F + static_cast<float>(random() % 2) : 0.5F;
        const double seconds = static_cast<double>(i - since) / rate;
        level = on ? form.on(from, seconds) : form.off(from, seconds);
        expected.push_back(static_cast<float>(level));
      }
      const auto out = Rig{
          .kind = "adsr",
          .rate = rate,
          .params = {{"attack", form.attack},
                     {"decay", form.decay},
                     {"sustain", form.sustain},
                     {"release", form.release}},
          .fixed = {{"curve", std::string(form.exponential ? "exp" : "lin")}},
          .in = {gate}}.run(kFrames, {.seed = seed})[0];
      const double error = difference_db(out, {expected});
      worst = std::max(worst, error);
      // Float's grain, and at the corner of a time of few frames what float makes of the time.
      CHECK(error < -110);
      CHECK(peak(out[0]) <= 1);
    }
  MESSAGE("worst: " << worst << " dB");
}

TEST_CASE("a note of the defaults: top after 5 ms, sustain after 105 ms, silence 200 ms after its end") {
  Sound gate = silence(1, 48000);
  std::fill_n(gate[0].begin() + 1000, 20000, 1.F);
  const auto out = Rig{.kind = "adsr", .in = {gate}}.run(48000)[0][0];
  CHECK(out[1000] == 0);
  CHECK(out[1240] == doctest::Approx(1).epsilon(1e-5));
  CHECK(out[1000 + 240 + 4801] == 0.7F);
  CHECK(out[20999] == 0.7F);
  CHECK(out[21000 + 9601] == 0);
}

TEST_CASE("a release that is over stays so, whatever becomes of its time") {
  Sound gate = silence(1, 3000), release(1, Lane(3000, 0.F));
  std::fill_n(gate[0].begin(), 1000, 1.F);
  std::fill(release[0].begin() + 2000, release[0].end(), 1.F);
  const auto out =
      Rig{.kind = "adsr", .params = {{"release", release}}, .in = {gate}}.run(3000, {.seed = 1})[0][0];
  CHECK(out[999] > 0.7F);
  CHECK(peak({out.begin() + 1000, out.end()}) == 0);
}
