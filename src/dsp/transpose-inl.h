// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lanes that recur are run side by side: what lies in rows of frames is turned into rows of lanes, and back.
// Included once for each set of instructions.

#if defined(PERIGEE_DSP_TRANSPOSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PERIGEE_DSP_TRANSPOSE_INL_H_
#undef PERIGEE_DSP_TRANSPOSE_INL_H_
#else
#define PERIGEE_DSP_TRANSPOSE_INL_H_
#endif

#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

/// Four rows, by blocks of 128 bits: row i of a block becomes its column i.
template <class D, class V>
HWY_INLINE void transpose_blocks(D d, V& a, V& b, V& c, V& e) {
  const hn::RepartitionToWide<D> pairs;
  const auto low = [pairs](V x) HWY_ATTR { return hn::BitCast(pairs, x); };
  const V ab = hn::InterleaveLower(d, a, b), ce = hn::InterleaveLower(d, c, e);
  const V ab2 = hn::InterleaveUpper(d, a, b), ce2 = hn::InterleaveUpper(d, c, e);
  a = hn::BitCast(d, hn::InterleaveLower(pairs, low(ab), low(ce)));
  b = hn::BitCast(d, hn::InterleaveUpper(pairs, low(ab), low(ce)));
  c = hn::BitCast(d, hn::InterleaveLower(pairs, low(ab2), low(ce2)));
  e = hn::BitCast(d, hn::InterleaveUpper(pairs, low(ab2), low(ce2)));
}

/// As many rows as a vector is wide: row i becomes column i.
template <class D, int n>
HWY_INLINE void transpose(D d, hn::Vec<D> (&rows)[n]) {
  using V = hn::Vec<D>;
  static_assert(n == 1 || n == 4 || n == 8 || n == 16);
  unrolled<n / 4>([&](auto q) PERIGEE_BODY {
    transpose_blocks(d, rows[4 * q], rows[4 * q + 1], rows[4 * q + 2], rows[4 * q + 3]);
  });
  // Block b of row 4q + j is now frame 4b + j of lanes 4q … 4q + 3.
  if constexpr (n == 8) {
    unrolled<4>([&](auto j) PERIGEE_BODY {
      const V low = rows[j], high = rows[4 + j];
      rows[j] = hn::ConcatLowerLower(d, high, low);
      rows[4 + j] = hn::ConcatUpperUpper(d, high, low);
    });
  }
  if constexpr (n == 16) {
    unrolled<4>([&](auto j) PERIGEE_BODY {
      const V a = rows[j], b = rows[4 + j], c = rows[8 + j], e = rows[12 + j];
      const V even_ab = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(b), a);
      const V odd_ab = hn::OddEvenBlocks(b, hn::SwapAdjacentBlocks(a));
      const V even_ce = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(e), c);
      const V odd_ce = hn::OddEvenBlocks(e, hn::SwapAdjacentBlocks(c));
      rows[j] = hn::ConcatLowerLower(d, even_ce, even_ab);
      rows[4 + j] = hn::ConcatLowerLower(d, odd_ce, odd_ab);
      rows[8 + j] = hn::ConcatUpperUpper(d, even_ce, even_ab);
      rows[12 + j] = hn::ConcatUpperUpper(d, odd_ce, odd_ab);
    });
  }
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // PERIGEE_DSP_TRANSPOSE_INL_H_
