// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "dsp/ring.h"
#include "node/spec.h"

namespace perigee {

/// A node that delays by a whole number of frames, its first fixed value.
class Shift final : public Node {
 public:
  explicit Shift(const Setup& setup) : frames_(static_cast<int>(setup.number(0))) {
    lanes_.reserve(setup.lanes);
    for (unsigned lane = 0; lane < setup.lanes; ++lane) lanes_.emplace_back(frames_);
  }
  static Bytes memory(const Setup& setup) {
    const Bytes ring = Bytes::block_of<float>(dsp::Ring::frames(static_cast<int>(setup.number(0))));
    return Bytes::of<Shift>(1) + (Bytes::of<dsp::Ring>(1) + ring) * setup.lanes;
  }

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const std::span in(io.in[0][lane], static_cast<std::size_t>(io.frames));
      float* out = io.out[0][lane];
      dsp::Ring& ring = lanes_[lane];
      if (frames_ >= io.frames) {
        std::array<float, kChunk> late;
        ring.read(frames_ - 1, std::span(late).first(in.size()));
        ring.push(in);  // before it is written over
        std::copy_n(late.begin(), in.size(), out);
      } else {
        for (const float x : in) {
          ring.push(x);
          *out++ = ring[frames_];
        }
      }
    }
  }
  void reset() noexcept override {
    for (auto& ring : lanes_) ring.reset();
  }

  static std::string check(const Setup& setup) {
    const double frames = setup.number(0);
    return frames == std::floor(frames) ? "" : fmt::format("frames {:g} is not a whole number", frames);
  }

 private:
  int frames_;
  std::vector<dsp::Ring> lanes_;
};

}  // namespace perigee
