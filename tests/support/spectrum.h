// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Measuring sound in double precision: spectra, single bins, responses.

#pragma once

#include <complex>
#include <vector>

#include "support/rig.h"

namespace perigee::test {

/// Amplitude spectrum of a lane, length a power of two, Blackman-Harris window (side lobes −92 dB), scaled so
/// that a sine on a bin reads its amplitude. Entry i is at i · rate / lane.size(); size()/2 + 1 entries.
std::vector<double> spectrum(const Lane& lane);

/// Discrete-time Fourier transform of an impulse response at one frequency.
std::complex<double> response(const Lane& impulse_response, double hz, double rate);

double db(double amplitude);  ///< 20·log10, floored at −400

}  // namespace perigee::test
