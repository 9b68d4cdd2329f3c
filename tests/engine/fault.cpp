// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/fault.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <limits>

using namespace perigee;

namespace {

constexpr float kBad[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()};

/// Two outputs, of one lane and of three.
struct Outputs {
  std::array<float, 4 * kChunk> memory;
  std::array<Output, 2> out{Output{memory.data(), 1}, Output{memory.data() + kChunk, 3}};
  Outputs() { memory.fill(std::numeric_limits<float>::max()); }
  Outputs(const Outputs&) = delete;
  Outputs& operator=(const Outputs&) = delete;
  float& at(unsigned lane, int frame) {
    return memory[lane * std::size_t{kChunk} + static_cast<std::size_t>(frame)];
  }
};

}  // namespace

TEST_CASE("the first frame that is not finite is found, in any lane of any output, and only in its piece") {
  for (const float bad : kBad) {
    for (unsigned lane = 0; lane < 4; ++lane) {
      for (int frame = 0; frame < kChunk; ++frame) {
        CAPTURE(lane);
        CAPTURE(frame);
        Outputs outputs;
        REQUIRE(find_fault(outputs.out, 0, kChunk) == kChunk);
        outputs.at(lane, frame) = bad;
        outputs.at((lane + 1) % 4, std::min(frame + 5, kChunk - 1)) = bad;
        CHECK(find_fault(outputs.out, 0, kChunk) == frame);
        CHECK(find_fault(outputs.out, 0, frame) == frame);
        CHECK(find_fault(outputs.out, frame, 1) == frame);
        const int after = std::min(frame + 6, kChunk);
        CHECK(find_fault(outputs.out, after, kChunk - after) == kChunk);
      }
    }
  }
}

TEST_CASE("silence is zeros in every lane, and leaves the frames around it") {
  Outputs outputs;
  silence(outputs.out, 10, 20);
  for (unsigned lane = 0; lane < 4; ++lane)
    for (int frame = 0; frame < kChunk; ++frame)
      CHECK((outputs.at(lane, frame) == 0) == (frame >= 10 && frame < 30));
}
