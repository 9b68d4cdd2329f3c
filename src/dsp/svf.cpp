// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/svf.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/svf.cpp"
#include <hwy/foreach_target.h>

#include "dsp/svf-inl.h"
#include "dsp/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

/// A few vectors of lanes, which run side by side: what one waits for, the others use.
template <bool low_only, int vectors, class F>
class Group {
 public:
  static constexpr int kLanes = vectors * F::kCount;

  /// `lanes`: as many as it has.
  Group(const SvfLane* lanes, Response response, double rate)
      : lanes_(lanes), response_(response), rate_(rate), has_gain_(response >= Response::peak) {
    for (int i = 0; i < kLanes; ++i) {
      const SvfLane& lane = lanes[i];
      s1_[i] = lane.state->s1;
      s2_[i] = lane.state->s2;
      one_input_ = one_input_ && lane.in == lanes[0].in;
      still_ = still_ && lane.param[0].still && lane.param[1].still && (!has_gain_ || lane.param[2].still);
    }
  }

  bool run(int frames) {
    const bool finite = still_ ? run_still(frames) : run_moving(frames);
    for (int i = 0; i < kLanes; ++i) *lanes_[i].state = {s1_[i], s2_[i]};
    return finite;
  }

 private:
  bool run_still(int frames) {
    F s1[vectors], s2[vectors];
    Coefficients<F> a[vectors];
    Doubt<F> doubt;
    unrolled<vectors>([&](auto g) PERIGEE_BODY {
      s1[g] = F::load(s1_ + g * F::kCount);
      s2[g] = F::load(s2_ + g * F::kCount);
      a[g] = coefficients_of(g);
    });
    for (int at = 0; at < frames; at += F::kCount) {
      const int count = std::min(F::kCount, frames - at);
      if (!one_input_) read(at, count);
      for (int f = 0; f < count; ++f) {
        const F same(lanes_[0].in[at + f]);
        unrolled<vectors>([&](auto g) PERIGEE_BODY {
          const F y = tick<low_only>(s1[g], s2[g], one_input_ ? same : F::load(x_[g][f]), a[g]);
          y.store(y_[g][f]);
          doubt.look_at(y);
        });
      }
      write(at, count);
    }
    unrolled<vectors>([&](auto g) PERIGEE_BODY {
      s1[g].store(s1_ + g * F::kCount);
      s2[g].store(s2_ + g * F::kCount);
    });
    return doubt.none();
  }

  bool run_moving(int frames) {
    Doubt<F> doubt;
    for (int at = 0; at < frames; at += F::kCount) {
      const int count = std::min(F::kCount, frames - at);
      read(at, count);
      read_controls(at, count);
      for (int g = 0; g < vectors; ++g) {
        F s1 = F::load(s1_ + g * F::kCount), s2 = F::load(s2_ + g * F::kCount);
        for (int f = 0; f < count; ++f) {
          const F y = tick<low_only>(s1, s2, F::load(x_[g][f]), coefficients_at(g, f));
          y.store(y_[g][f]);
          doubt.look_at(y);
        }
        s1.store(s1_ + g * F::kCount);
        s2.store(s2_ + g * F::kCount);
      }
      write(at, count);
    }
    return doubt.none();
  }

  using Rows = float[F::kCount][F::kCount];

  void read(int at, int count) {
    for (int g = 0; g < vectors; ++g) {
      typename F::V rows[F::kCount];
      const SvfLane* const from = lanes_ + g * F::kCount;
      if (count == F::kCount)
        unrolled<F::kCount>([&](auto i) PERIGEE_BODY { rows[i] = F::load(from[i].in + at).v; });
      else
        for (int i = 0; i < F::kCount; ++i) rows[i] = F::load(from[i].in + at, count).v;
      turn(rows, x_[g]);
    }
  }
  void write(int at, int count) {
    for (int g = 0; g < vectors; ++g) {
      typename F::V rows[F::kCount];
      const SvfLane* const to = lanes_ + g * F::kCount;
      unrolled<F::kCount>([&](auto f) PERIGEE_BODY { rows[f] = F::load(y_[g][f]).v; });
      transpose(typename F::Tag(), rows);
      if (count == F::kCount)
        unrolled<F::kCount>([&](auto i) PERIGEE_BODY { F(rows[i]).store(to[i].out[0] + at); });
      else
        for (int i = 0; i < F::kCount; ++i) F(rows[i]).store(to[i].out[0] + at, count);
    }
  }
  void read_controls(int at, int count) {
    for (int g = 0; g < vectors; ++g) {
      for (unsigned p = 0; p < (has_gain_ ? 3 : 2); ++p) {
        typename F::V rows[F::kCount];
        for (int i = 0; i < F::kCount; ++i) rows[i] = F::of(lanes_[g * F::kCount + i].param[p], at, count).v;
        turn(rows, controls_[g][p]);
      }
    }
  }
  static HWY_INLINE void turn(typename F::V (&rows)[F::kCount], Rows& to) {
    transpose(typename F::Tag(), rows);
    unrolled<F::kCount>([&](auto f) PERIGEE_BODY { F(rows[f]).store(to[f]); });
  }

  Coefficients<F> coefficients_of(int g) const {
    HWY_ALIGN float numbers[3][F::kCount] = {};
    for (int i = 0; i < F::kCount; ++i)
      for (unsigned p = 0; p < (has_gain_ ? 3 : 2); ++p)
        numbers[p][i] = *lanes_[g * F::kCount + i].param[p].data;
    return coefficients_from(numbers[0], numbers[1], numbers[2]);
  }
  Coefficients<F> coefficients_at(int g, int f) const {
    return coefficients_from(controls_[g][0][f], controls_[g][1][f], controls_[g][2][f]);
  }
  /// The gain comes between cutoff and q, where there is one.
  Coefficients<F> coefficients_from(const float* cutoff, const float* second, const float* third) const {
    return coefficients(response_, tune(F::load(cutoff), rate_), F::load(second),
                        F::load(has_gain_ ? third : second));
  }

  const SvfLane* lanes_;
  Response response_;
  double rate_;
  bool has_gain_, one_input_ = true, still_ = true;
  HWY_ALIGN float s1_[kLanes], s2_[kLanes];
  HWY_ALIGN Rows x_[vectors], y_[vectors], controls_[vectors][3];
};

/// What is missing of a full group is filled up with the last lane, and thrown away.
template <bool low_only, int vectors, class F>
bool run(Response response, std::span<const SvfLane>& lanes, double rate, int frames) {
  using G = Group<low_only, vectors, F>;
  const auto some = lanes.first(std::min<std::size_t>(lanes.size(), G::kLanes));
  lanes = lanes.subspan(some.size());
  if (some.size() == G::kLanes) return G(some.data(), response, rate).run(frames);
  SvfLane full[G::kLanes];
  SvfState state = *some.back().state;
  HWY_ALIGN float thrown_away[kChunk];
  std::ranges::copy(some, full);
  for (std::size_t i = some.size(); i < G::kLanes; ++i) {
    full[i] = some.back();
    full[i].state = &state;
    full[i].out[0] = thrown_away;
  }
  return G(full, response, rate).run(frames);
}

template <bool low_only>
bool run_all(Response response, std::span<const SvfLane> lanes, double rate, int frames) {
  using Four = Floats<hn::CappedTag<float, 4>>;
  using One = Floats<hn::CappedTag<float, 1>>;
  bool finite = true;
  while (!lanes.empty()) {
    bool good = true;
    if (lanes.size() == 1)
      good = run<low_only, 1, One>(response, lanes, rate, frames);
    else if (lanes.size() <= 4)
      good = run<low_only, 1, Four>(response, lanes, rate, frames);
    else if (lanes.size() <= Wide::kCount)
      good = run<low_only, 1, Wide>(response, lanes, rate, frames);
    else if (lanes.size() <= 2 * Wide::kCount)
      good = run<low_only, 2, Wide>(response, lanes, rate, frames);
    else
      good = run<low_only, 4, Wide>(response, lanes, rate, frames);
    finite = finite && good;
  }
  return finite;
}

bool Svf(Response response, std::span<const SvfLane> lanes, double rate, int frames) {
  return response == Response::lowpass ? run_all<true>(response, lanes, rate, frames)
                                       : run_all<false>(response, lanes, rate, frames);
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Svf);

bool svf(Response response, std::span<const SvfLane> lanes, double rate, int frames) noexcept {
  return HWY_DYNAMIC_DISPATCH(Svf)(response, lanes, rate, frames);
}

}  // namespace perigee::dsp
#endif
