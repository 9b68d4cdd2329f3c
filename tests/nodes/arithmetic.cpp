// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "support/rig.h"

using namespace perigee::test;

namespace {

float reference(const std::string& kind, float a, float b) {
  if (kind == "add") return a + b;
  if (kind == "subtract") return a - b;
  if (kind == "multiply") return a * b;
  return a / b;
}

}  // namespace

TEST_CASE("+ - * / are those of float arithmetic, to the bit, with numbers and with signals") {
  const auto a = white_noise(3, 1000, 1), b = white_noise(3, 1000, 2);
  for (const std::string kind : {"add", "subtract", "multiply", "divide"}) {
    CAPTURE(kind);
    auto by_number = a, by_signal = a, by_lane = a, spread = a;
    for (std::size_t lane = 0; lane < 3; ++lane) {
      for (std::size_t i = 0; i < 1000; ++i) {
        by_number[lane][i] = reference(kind, a[lane][i], 0.3F);
        by_signal[lane][i] = reference(kind, a[lane][i], b[lane][i]);
        by_lane[lane][i] = reference(kind, a[lane][i], b[0][i]);
        spread[lane][i] = reference(kind, a[0][i], b[lane][i]);
      }
    }
    for (const Split split : splits()) {
      CAPTURE(split.period);
      CAPTURE(split.seed);
      const auto run = [&](const Sound& in, std::variant<double, Sound> by) {
        return Rig{.kind = kind, .params = {{"by", std::move(by)}}, .in = {in}}.run(1000, split)[0];
      };
      CHECK(identical(run(a, double{0.3F}), by_number));
      CHECK(identical(run(a, b), by_signal));
      CHECK(identical(run(a, Sound{b[0]}), by_lane));
      CHECK(identical(run({a[0]}, b), spread));
    }
  }
}

TEST_CASE("the operand has no default") {
  for (const char* kind : {"add", "subtract", "multiply", "divide"}) {
    const auto& by = perigee::find_kind(kind)->params[0];
    CHECK(by.initial != by.initial);
    CHECK(by.max == perigee::kNoLimit);
  }
}
