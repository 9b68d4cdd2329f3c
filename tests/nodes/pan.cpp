// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "support/rig.h"
#include "support/spectrum.h"

using namespace perigee::test;

namespace {

Sound ones(unsigned lanes, perigee::Frames frames) {
  return Sound(lanes, Lane(static_cast<std::size_t>(frames), 1.F));
}

/// From −1 to 1 over a thousand frames.
Sound sweep() {
  Sound position = silence(1, 1001);
  for (std::size_t i = 0; i <= 1000; ++i)
    position[0][i] = static_cast<float>(static_cast<double>(i) / 500 - 1);
  return position;
}

}  // namespace

TEST_CASE("pan is the quarter turn, of constant power, −3.01 dB in the middle") {
  const auto out = Rig{.kind = "pan", .params = {{"position", sweep()}}, .in = {ones(1, 1001)}}.run(1001)[0];
  REQUIRE(out.size() == 2);
  double worst_power = 0, worst_gain = 0;
  for (std::size_t i = 0; i <= 1000; ++i) {
    const double left = out[0][i], right = out[1][i],
                 turn = std::numbers::pi / 2 * static_cast<double>(i) / 1000;
    worst_power = std::max(worst_power, std::abs(db(left * left + right * right) / 2));
    worst_gain = std::max({worst_gain, std::abs(left - std::cos(turn)), std::abs(right - std::sin(turn))});
  }

  CHECK(worst_power < 0.01);
  CHECK(db(worst_gain) < -120);  // float rounding and the polynomial's
  CHECK(out[1].front() == 0);
  CHECK(db(out[0].back()) < -120);
  CHECK(db(out[0][500]) == doctest::Approx(-3.0103).epsilon(1e-5));
}

TEST_CASE("pan places each lane at its own position and folds into two") {
  const auto in = white_noise(3, 500, 3);
  Sound positions = silence(3, 500), expected = silence(2, 500);
  const double at[] = {-1, -0.25, 0.5};
  for (std::size_t lane = 0; lane < 3; ++lane) {
    const double turn = std::numbers::pi / 4 * (1 + at[lane]);
    for (std::size_t i = 0; i < 500; ++i) {
      positions[lane][i] = static_cast<float>(at[lane]);
      expected[0][i] += static_cast<float>(in[lane][i] * std::cos(turn));
      expected[1][i] += static_cast<float>(in[lane][i] * std::sin(turn));
    }
  }
  const Rig rig{.kind = "pan", .params = {{"position", positions}}, .in = {in}};
  for (const Split split : splits()) CHECK(difference_db(rig.run(500, split)[0], expected) < -120);
}

TEST_CASE("pan sounds one lane at each of several positions") {
  Sound positions = silence(2, 64);
  for (std::size_t i = 0; i < 64; ++i) positions[0][i] = -1, positions[1][i] = 1;
  const auto in = white_noise(1, 64, 1);
  const auto out = Rig{.kind = "pan", .params = {{"position", positions}}, .in = {in}}.run(64)[0];
  CHECK(difference_db(out, {in[0], in[0]}) < -120);
}

TEST_CASE("a position beyond an end is the end") {
  const auto in = white_noise(2, 64, 1);
  for (const float end : {-1.F, 1.F}) {
    const auto at = [&](const char* kind, unsigned lanes, float position) {
      return Rig{.kind = kind,
                 .params = {{"position", Sound{Lane(64, position)}}},
                 .in = {Sound(in.begin(), in.begin() + lanes)}}
          .run(64)[0];
    };
    CHECK(identical(at("pan", 1, 3 * end), at("pan", 1, end)));
    CHECK(identical(at("balance", 2, 3 * end), at("balance", 2, end)));
  }
}

TEST_CASE("voices may share one position") {
  const auto in = white_noise(8, 1000, 3);
  const Rig shared{.kind = "pan", .params = {{"position", 0.3}}, .in = {in}},
      each{.kind = "pan", .params = {{"position", Sound(8, Lane(1000, 0.3F))}}, .in = {in}};
  for (unsigned lane = 0; lane < 2; ++lane)
    CHECK(difference_db({shared.run(1000)[0][lane]}, {each.run(1000)[0][lane]}) < -130);
}

TEST_CASE("pan refuses several lanes at one position, and names balance") {
  const auto refuse = [](unsigned lanes, const Sound& position) {
    return Rig{.kind = "pan", .params = {{"position", position}}, .in = {silence(lanes, 64)}}.run(64);
  };
  CHECK_THROWS_WITH_AS(refuse(2, silence(1, 64)), doctest::Contains("stereo signal with balance"),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(refuse(3, silence(2, 64)), doctest::Contains("3 lanes and position has 2"),
                       std::runtime_error);
}

TEST_CASE("balance keeps the side turned to and lowers the other; the centre is unity to the bit") {
  const auto in = white_noise(2, 1001, 5);
  CHECK(identical(Rig{.kind = "balance", .in = {in}}.run(1001)[0], in));
  const auto out =
      Rig{.kind = "balance", .params = {{"position", sweep()}}, .in = {ones(2, 1001)}}.run(1001)[0];
  for (std::size_t i = 0; i <= 1000; ++i) {
    const double position = static_cast<double>(i) / 500 - 1;
    CHECK(out[0][i] == doctest::Approx(position < 0 ? 1 : 1 - position).epsilon(1e-6));
    CHECK(out[1][i] == doctest::Approx(position > 0 ? 1 : 1 + position).epsilon(1e-6));
  }
  CHECK(out[0].back() == 0);
  CHECK(out[1].front() == 0);
}

TEST_CASE("balance wants stereo") {
  CHECK_THROWS_WITH_AS((Rig{.kind = "balance", .in = {silence(1, 64)}}.run(64)), doctest::Contains("pan"),
                       std::runtime_error);
  CHECK_THROWS_AS((Rig{.kind = "balance", .in = {silence(3, 64)}}.run(64)), std::runtime_error);
}
