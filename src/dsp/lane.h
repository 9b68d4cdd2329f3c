// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a kernel works on: lanes that have nothing to do with each other, of one node or of many. Whether they
// run alone, side by side in one vector, or one after the other along their frames gives the same bits.

#pragma once

#include <array>

#include "dsp/frames.h"

namespace perigee {

/// A parameter in one lane: read it by frame. `still` means that every frame of this call has the same value,
/// so that coefficients need computing once. A still value and a signal that holds it give the same bits:
/// compute coefficients by the same function either way.
struct LaneControl {
  const float* data;
  bool still;
  float operator[](int frame) const { return still ? *data : data[frame]; }
};

namespace dsp {

/// Where a lane reads and writes, at most kChunk frames; what it remembers; what it is set to. `in` is
/// nullptr for a source. An output may be the input's memory.
template <typename S, unsigned params, unsigned outs = 1>
struct Lane {
  using State = S;
  static constexpr unsigned kParams = params, kOuts = outs;

  const float* in;
  std::array<float*, outs> out;
  State* state;
  std::array<LaneControl, params> param;
};

}  // namespace dsp

}  // namespace perigee
