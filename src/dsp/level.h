// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cmath>

namespace perigee::dsp {

/// Decibels to a linear factor: 10^(dB/20).
inline float gain_of_db(float db) { return std::exp2(db * 0.166096404744368F); }

/// A linear factor to decibels, floored at −400.
inline float db_of_gain(float gain) { return 6.02059991327962F * std::log2(std::fmax(gain, 1e-20F)); }

}  // namespace perigee::dsp
