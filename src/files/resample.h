// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <vector>

#include "dsp/frames.h"

namespace perigee::files {

inline constexpr double kMostApart = 256;  ///< ratio of rates: libsamplerate's

/// Frames of a sound after conversion: rounded.
Frames resampled_frames(Frames frames, double from, double to);

/// A whole lane at another rate, by libsamplerate's best converter (band-limited, 97 dB). No delay: frame 0
/// stays at time 0. Throws std::runtime_error when the rates are more than 256 times apart,
/// or the sound then too long for memory (2^30 frames).
std::vector<float> resample(const std::vector<float>& lane, double from, double to);

}  // namespace perigee::files
