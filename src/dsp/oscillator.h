// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The oscillators: a phase that runs, and a waveform of it. The classical waveforms are band-limited, as
// functions of a place in the cycle and of how far a frame moves: no state but the phase, so that pitch may
// change at any frame, through 0 and backwards. A jump is met by way of its distance in frames, d / stride,
// and the naive wave's own jump cancels against the step's: 2d − sgn d becomes 2d − 2·S(d / stride), without
// a seam. Up to a stride of 1/8 cycle (square and triangle 1/16) one polynomial a frame does; above,
// neighbours are in reach.

#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "dsp/lane.h"

namespace perigee::dsp {

enum class Wave {
  sine,      ///< error below 3e-7
  saw,       ///< rises from −1 to 1, jumps down where a cycle starts
  square,    ///< 1 in the first half of a cycle, −1 in the second
  triangle,  ///< rises from 0 to 1 in a quarter of a cycle, falls to −1 in two: a sine's signs and corners
  pulse,     ///< 1 for the first `width` cycles, then −1: the difference of two saws
};

struct OscillatorState {
  std::uint64_t turns = 0;  ///< 2^64 a cycle
  /// Of the last pitch and offset that stood still.
  float hz = std::numeric_limits<float>::quiet_NaN(), offset = 0;
  float size = 0, inverse = 0;
  std::uint32_t reach = 0;
  std::uint64_t step = 0, away = 0;
  alignas(64) std::uint64_t ahead[8] = {};  ///< 0 … 7 steps
};
/// Pitch in Hz, at most half the rate either way; offset in cycles; width in cycles, of a pulse only.
using OscillatorLane = Lane<OscillatorState, 3>;

/// Runs each lane's oscillator. Always true: what comes out is finite. `same`: the last call was with these
/// lanes, and no number has been set since. Wait-free, any thread.
bool oscillate(Wave wave, std::span<const OscillatorLane> lanes, double rate, int frames,
               bool same = false) noexcept;

}  // namespace perigee::dsp
