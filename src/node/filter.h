// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <type_traits>
#include <vector>

#include "dsp/svf.h"
#include "node/node.h"

namespace perigee {

/// A node that filters each lane by one of svf's responses. Its parameters are that function's: cutoff first,
/// q last, a gain between them where there is one.
template <auto response>
class Filter final : public Node {
 public:
  explicit Filter(const Setup& setup) : tune_(setup.rate), lanes_(setup.lanes) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const float* in = io.in[0][lane];
      float* out = io.out[0][lane];
      const bool still = io.param[0].still && io.param[1].still && io.param.back().still;
      dsp::svf::State state = lanes_[lane];
      dsp::svf::Coefficients coefficients = at(io, lane, 0);
      for (int i = 0; i < io.frames; ++i) {
        if (!still) coefficients = at(io, lane, i);
        out[i] = state.tick(in[i], coefficients);
      }
      lanes_[lane] = state;
    }
  }
  void reset() noexcept override { std::ranges::fill(lanes_, dsp::svf::State()); }

 private:
  dsp::svf::Coefficients at(const Block& io, unsigned lane, int frame) const {
    const dsp::svf::Tuning tuning = tune_(io.param[0][lane][frame]);
    const float q = io.param.back()[lane][frame];
    if constexpr (std::is_invocable_v<decltype(response), dsp::svf::Tuning, float, float>)
      return response(tuning, io.param[1][lane][frame], q);
    else
      return response(tuning, q);
  }

  dsp::svf::Tuner tune_;
  std::vector<dsp::svf::State> lanes_;
};

}  // namespace perigee
