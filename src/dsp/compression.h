// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A compressor's static curve, in decibels, with a soft knee: D. Giannoulis, M. Massberg, J. D. Reiss,
// "Digital dynamic range compressor design: a tutorial and analysis", J. Audio Eng. Soc. 60(6), 2012, eq. 4.

#pragma once

#include "dsp/lane.h"

namespace perigee::dsp {

struct CompressionCurve {
  LaneControl threshold, ratio, knee;  ///< dB, dB in for one dB out, dB
};

/// What the curve takes away, in dB, from levels that lie `scale`·log2 x dB above full scale, x a normal
/// number above 0. In place. Wait-free, any thread.
void compress(const CompressionCurve& curve, float scale, float* x, int frames) noexcept;

}  // namespace perigee::dsp
