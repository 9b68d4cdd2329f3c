// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Envelopes: attack, decay, sustain, release. How much of a stage has passed is counted exactly, so that a
// stage may be cut into calls anywhere.

#pragma once

#include <cstdint>
#include <span>

#include "dsp/lane.h"

namespace perigee::dsp {

enum class Curve {
  linear,
  /// As a capacitor charges and discharges. The attack aims a third past its end; decay and release fall by
  /// 60 dB; all arrive.
  exponential,
};

enum class Stage : std::uint8_t { release, attack, decay, sustain };

struct EnvelopeState {
  Stage stage = Stage::release;
  float start = 0;  ///< level at the stage's beginning
  float level = 0;
  std::uint64_t passed = std::uint64_t{1} << 62U;  ///< of the stage: 2^62 are all of it
};
/// Times of attack and decay in seconds, sustain level, time of release; the input is the gate, on above ½.
using EnvelopeLane = Lane<EnvelopeState, 4>;

/// Runs each lane's envelope, 0 … 1. Wait-free, any thread.
void envelope(Curve curve, std::span<const EnvelopeLane> lanes, double rate, int frames) noexcept;

}  // namespace perigee::dsp
