// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "dsp/sine.h"

namespace perigee::dsp {

/// Gains of two places that a sound is divided between.
struct Shares {
  float first, second;
};

/// A quarter turn, `part` from 0 (all first) to 1 (all second): cosine and sine, so that the powers add up to
/// one; −3.01 dB each in the middle.
inline Shares equal_power(float part) { return {sine(0.25F - 0.25F * part), sine(0.25F * part)}; }

}  // namespace perigee::dsp
