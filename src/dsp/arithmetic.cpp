// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/arithmetic.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/arithmetic.cpp"
#include <hwy/foreach_target.h>

#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

template <Operation operation>
HWY_INLINE Wide apply(Wide a, Wide b) {
  if constexpr (operation == Operation::add) return a + b;
  if constexpr (operation == Operation::subtract) return a - b;
  if constexpr (operation == Operation::multiply) return a * b;
  if constexpr (operation == Operation::divide) return a / b;
}

template <Operation operation>
bool run(std::span<const ArithmeticLane> lanes, int frames) {
  Doubt<Wide> doubt;
  for (const ArithmeticLane& lane : lanes) {
    const LaneControl& by = lane.param[0];
    const float* const in = lane.in;
    float* const out = lane.out[0];
    if (by.still) {
      const Wide number(*by.data);
      for_frames(frames, [&](int at, int count) PERIGEE_BODY {
        const Wide y = apply<operation>(Wide::load(in + at, count), number);
        y.store(out + at, count);
        doubt.look_at(y.first(count));
      });
    } else {
      for_frames(frames, [&](int at, int count) PERIGEE_BODY {
        const Wide y = apply<operation>(Wide::load(in + at, count), Wide::load(by.data + at, count));
        y.store(out + at, count);
        doubt.look_at(y.first(count));
      });
    }
  }
  return doubt.none();
}

bool Calculate(Operation operation, std::span<const ArithmeticLane> lanes, int frames) {
  switch (operation) {
    case Operation::add:
      return run<Operation::add>(lanes, frames);
    case Operation::subtract:
      return run<Operation::subtract>(lanes, frames);
    case Operation::multiply:
      return run<Operation::multiply>(lanes, frames);
    case Operation::divide:
      break;
  }
  return run<Operation::divide>(lanes, frames);
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Calculate);

bool calculate(Operation operation, std::span<const ArithmeticLane> lanes, int frames) noexcept {
  return HWY_DYNAMIC_DISPATCH(Calculate)(operation, lanes, frames);
}

}  // namespace perigee::dsp
#endif
