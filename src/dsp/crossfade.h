// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One signal goes while another comes.

#pragma once

namespace perigee::dsp {

/// Gains over time: half a cosine, so that there is no corner at either end.
struct Crossfade {
  int length;   ///< frames
  bool linear;  ///< the gains add up to one; else the powers do
};

/// The gains of both at so many frames, at most kChunk, from frame `at` of the crossfade on. Wait-free, any
/// thread.
void gains_of(const Crossfade& fade, int at, int frames, float* from, float* to) noexcept;

}  // namespace perigee::dsp
