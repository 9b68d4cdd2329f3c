// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/crossfade.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/crossfade.cpp"
#include <hwy/foreach_target.h>

#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

void GainsOf(const Crossfade& fade, int at, int frames, float* from, float* to) {
  const hn::RebindToSigned<Wide::Tag> integers;
  const Wide quarter(0.25F), all(static_cast<float>(fade.length + 1));
  for_frames(frames, [&](int i, int count) PERIGEE_BODY {
    const Wide time = hn::ConvertTo(Wide::Tag(), hn::Iota(integers, at + i + 1));
    const Wide turn = quarter_sine(quarter * (time / all)), part = turn * turn;
    if (fade.linear) {
      (Wide(1) - part).store(from + i, count);
      part.store(to + i, count);
    } else {
      quarter_sine(negmuladd(quarter, part, quarter)).store(from + i, count);
      quarter_sine(quarter * part).store(to + i, count);
    }
  });
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(GainsOf);

void gains_of(const Crossfade& fade, int at, int frames, float* from, float* to) noexcept {
  HWY_DYNAMIC_DISPATCH(GainsOf)(fade, at, frames, from, to);
}

}  // namespace perigee::dsp
#endif
