// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/fault.h"

#include <algorithm>
#include <cmath>

#include "dsp/finite.h"

namespace perigee {

namespace {

bool is_finite(const Output& out, int at, int frames) {
  if (frames == kChunk) return dsp::all_finite(out.data, std::size_t{out.lanes} * kChunk);
  for (unsigned lane = 0; lane < out.lanes; ++lane)
    if (!dsp::all_finite(out[lane] + at, static_cast<std::size_t>(frames))) return false;
  return true;
}

}  // namespace

int find_fault(std::span<const Output> out, int at, int frames) noexcept {
  int first = at + frames;
  for (const Output& bundle : out) {
    if (is_finite(bundle, at, frames)) continue;
    for (unsigned lane = 0; lane < bundle.lanes; ++lane)
      for (int i = at; i < first; ++i)
        if (!std::isfinite(bundle[lane][i])) first = i;
  }
  return first;
}

void silence(std::span<const Output> out, int at, int frames) noexcept {
  for (const Output& bundle : out)
    for (unsigned lane = 0; lane < bundle.lanes; ++lane) std::fill_n(bundle[lane] + at, frames, 0.F);
}

}  // namespace perigee
