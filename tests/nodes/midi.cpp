// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <cmath>

#include "support/rig.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kFrames = 3000;
using What = Message::What;

Message control(unsigned number, int value, unsigned channel = 0) {
  return {.what = What::control,
          .channel = static_cast<std::uint8_t>(channel),
          .number = static_cast<std::uint8_t>(number),
          .value = static_cast<float>(value)};
}

/// What a lane holds, from which frame on.
void check_steps(const Lane& lane, const std::vector<std::pair<Frames, float>>& steps) {
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const Frames end = s + 1 < steps.size() ? steps[s + 1].first : static_cast<Frames>(lane.size());
    for (Frames i = steps[s].first; i < end; ++i) {
      CAPTURE(i);
      REQUIRE(lane[static_cast<std::size_t>(i)] == doctest::Approx(steps[s].second).epsilon(1e-6));
    }
  }
}

}  // namespace

TEST_CASE("a controller steps at its frame, on its channel, whatever the split") {
  for (const Split split : splits()) {
    const Rig rig{.kind = "cc",
                  .fixed = {{"number", 74.0}, {"channel", 2.0}},
                  .told = {{100, control(74, 127, 1)},
                           {333, control(74, 5, 0)},
                           {1001, control(75, 9, 1)},
                           {2000, control(74, 64, 1)}}};
    check_steps(rig.run(kFrames, split)[0][0], {{0, 0}, {100, 1}, {2000, 64.F / 127}});
  }
}

TEST_CASE("14 bits: the coarse half alone counts, the fine one refines it") {
  const Rig rig{
      .kind = "cc",
      .fixed = {{"number", 1.0}, {"kind", std::string("14 bit")}},
      .told = {{10, control(1, 64)}, {20, control(33, 3)}, {30, control(1, 127)}, {40, control(33, 127)}}};
  check_steps(
      rig.run(kFrames)[0][0],
      {{0, 0}, {10, 64.F * 128 / 16383}, {20, (64.F * 128 + 3) / 16383}, {30, 127.F * 128 / 16383}, {40, 1}});
}

TEST_CASE("an NRPN is entered once it has been named, and no more once another has") {
  const Rig rig{.kind = "cc",
                .fixed = {{"number", 300.0}, {"kind", std::string("nrpn")}},
                .told = {{5, control(6, 9)},
                         {10, control(99, 2)},
                         {11, control(98, 44)},
                         {12, control(6, 64)},
                         {13, control(38, 1)},
                         {14, control(98, 45)},
                         {15, control(6, 1)},
                         {16, control(98, 44)},
                         {17, control(101, 0)},
                         {18, control(6, 2)}}};
  check_steps(rig.run(kFrames)[0][0], {{0, 0}, {12, 64.F * 128 / 16383}, {13, (64.F * 128 + 1) / 16383}});
}

TEST_CASE("program, bend and pressure hold what came last; a reset of controllers lets go") {
  const auto told = std::vector<std::pair<Frames, Message>>{
      {50, {.what = What::program, .number = 7}},
      {60, {.what = What::bend, .value = -0.5F}},
      {70, {.what = What::pressure, .value = 0.25F}},
      {80, control(kResetControllers, 0)},
  };
  check_steps(Rig{.kind = "program", .told = told}.run(kFrames)[0][0], {{0, 0}, {50, 7}});
  check_steps(Rig{.kind = "bend", .told = told}.run(kFrames)[0][0], {{0, 0}, {60, -0.5F}, {80, 0}});
  check_steps(Rig{.kind = "pressure", .told = told}.run(kFrames)[0][0], {{0, 0}, {70, 0.25F}, {80, 0}});
}

TEST_CASE("param follows whoever moved last, and goes there in 5 ms") {
  Sound knob = silence(1, kFrames), value = silence(1, kFrames);
  std::fill(knob[0].begin(), knob[0].end(), 0.9F);  // where it stands is not looked at, only that it moves
  std::fill(knob[0].begin() + 500, knob[0].end(), 0.5F);
  std::fill(value[0].begin(), value[0].end(), 300.F);
  std::fill(value[0].begin() + 1500, value[0].end(), 200.F);
  std::fill(knob[0].begin() + 2200, knob[0].end(), 1.F);
  for (const bool exp : {false, true}) {
    const Rig rig{.kind = "param",
                  .params = {{"value", value}},
                  .fixed = {{"min", 100.0}, {"max", 1600.0}, {"curve", std::string(exp ? "exp" : "lin")}},
                  .in = {knob}};
    const float middle = exp ? 400 : 850;
    for (const Split split : splits()) {
      const Lane out = rig.run(kFrames, split)[0][0];
      check_steps(Lane(out.begin(), out.begin() + 500), {{0, 300}});
      const auto between = [&](Frames from, float a, float b) {
        for (Frames i = from; i < from + 240; ++i) {
          const float expected = b + (a - b) * static_cast<float>(240 - (i - from)) / 240;
          REQUIRE(out[static_cast<std::size_t>(i)] == doctest::Approx(expected).epsilon(1e-5));
        }
      };
      between(500, 300, middle);
      REQUIRE(out[1000] == doctest::Approx(middle).epsilon(1e-6));
      between(1500, middle, 200);
      REQUIRE(out[2000] == 200);
      between(2200, 200, 1600);
      REQUIRE(out.back() == doctest::Approx(1600).epsilon(1e-6));
    }
  }
}

TEST_CASE(
    "fine bits take the place of those before, and an NRPN that a fine RPN ended is named again by either "
    "half") {
  const Rig fine{.kind = "cc",
                 .fixed = {{"number", 1.0}, {"kind", std::string("14 bit")}},
                 .told = {{10, control(1, 64)}, {20, control(33, 3)}, {30, control(33, 4)}}};
  check_steps(fine.run(kFrames)[0][0],
              {{10, 64.F * 128 / 16383}, {20, (64.F * 128 + 3) / 16383}, {30, (64.F * 128 + 4) / 16383}});
  const Rig nrpn{.kind = "cc",
                 .fixed = {{"number", 300.0}, {"kind", std::string("nrpn")}},
                 .told = {{10, control(99, 2)},
                          {11, control(98, 44)},
                          {12, control(6, 64)},
                          {20, control(100, 44)},
                          {21, control(6, 1)},
                          {30, control(98, 44)},
                          {31, control(6, 2)},
                          {40, control(101, 0)},
                          {41, control(6, 3)},
                          {50, control(99, 2)},  // 256: its fine half comes later
                          {51, control(6, 4)}}};
  check_steps(nrpn.run(kFrames)[0][0], {{0, 0}, {12, 64.F * 128 / 16383}, {31, 2.F * 128 / 16383}});
}

TEST_CASE("a controller that there is not is refused") {
  for (const auto& [kind, most] :
       std::vector<std::pair<std::string, double>>{{"7 bit", 127}, {"14 bit", 31}, {"nrpn", 16383}}) {
    CAPTURE(kind);
    Rig rig{.kind = "cc", .fixed = {{"number", most}, {"kind", kind}}};
    CHECK_NOTHROW(rig.run(10));
    if (kind == "nrpn") continue;  // more than that is out of range
    rig.fixed["number"] = most + 1;
    CHECK_THROWS(rig.run(10));
  }
}
