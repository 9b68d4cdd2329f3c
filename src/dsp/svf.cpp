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

  /// What is missing of a full group is filled up with the last lane, and thrown away.
  Group(std::span<const SvfLane> lanes, Response response, double rate) : response_(response), rate_(rate) {
    const bool has_gain = response >= Response::peak;
    for (int i = 0; i < kLanes; ++i) {
      const bool real = i < static_cast<int>(lanes.size());
      const SvfLane& lane = real ? lanes[static_cast<std::size_t>(i)] : lanes.back();
      in_[i] = lane.in;
      out_[i] = real ? lane.out[0] : thrown_away_;
      cutoff_[i] = lane.param[0];
      gain_[i] = lane.param[has_gain ? 1 : 0];
      q_[i] = lane.param[has_gain ? 2 : 1];
      s1_[i] = lane.state->s1;
      s2_[i] = lane.state->s2;
      one_input_ = one_input_ && lane.in == lanes.front().in;
      still_ = still_ && cutoff_[i].still && gain_[i].still && q_[i].still;
    }
  }

  bool run(std::span<const SvfLane> lanes, int frames) {
    const bool finite = still_ ? run_still(frames) : run_moving(frames);
    for (std::size_t i = 0; i < lanes.size(); ++i) *lanes[i].state = {s1_[i], s2_[i]};
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
        const F same(in_[0][at + f]);
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
      const float* const* in = in_ + g * F::kCount;
      if (count == F::kCount)
        unrolled<F::kCount>([&](auto i) PERIGEE_BODY { rows[i] = F::load(in[i] + at).v; });
      else
        for (int i = 0; i < F::kCount; ++i) rows[i] = F::load(in[i] + at, count).v;
      turn(rows, x_[g]);
    }
  }
  void write(int at, int count) {
    for (int g = 0; g < vectors; ++g) {
      typename F::V rows[F::kCount];
      float* const* out = out_ + g * F::kCount;
      unrolled<F::kCount>([&](auto f) PERIGEE_BODY { rows[f] = F::load(y_[g][f]).v; });
      transpose(typename F::Tag(), rows);
      if (count == F::kCount)
        unrolled<F::kCount>([&](auto i) PERIGEE_BODY { F(rows[i]).store(out[i] + at); });
      else
        for (int i = 0; i < F::kCount; ++i) F(rows[i]).store(out[i] + at, count);
    }
  }
  void read_controls(int at, int count) {
    const LaneControl* const all[] = {cutoff_, gain_, q_};
    for (int g = 0; g < vectors; ++g)
      for (int p = 0; p < 3; ++p) {
        typename F::V rows[F::kCount];
        for (int i = 0; i < F::kCount; ++i) rows[i] = F::of(all[p][g * F::kCount + i], at, count).v;
        turn(rows, controls_[g][p]);
      }
  }
  static HWY_INLINE void turn(typename F::V (&rows)[F::kCount], Rows& to) {
    transpose(typename F::Tag(), rows);
    unrolled<F::kCount>([&](auto f) PERIGEE_BODY { F(rows[f]).store(to[f]); });
  }

  Coefficients<F> coefficients_of(int g) const {
    HWY_ALIGN float cutoff[F::kCount], gain[F::kCount], q[F::kCount];
    for (int i = 0; i < F::kCount; ++i) {
      cutoff[i] = *cutoff_[g * F::kCount + i].data;
      gain[i] = *gain_[g * F::kCount + i].data;
      q[i] = *q_[g * F::kCount + i].data;
    }
    return coefficients(response_, tune(F::load(cutoff), rate_), F::load(gain), F::load(q));
  }
  Coefficients<F> coefficients_at(int g, int f) const {
    return coefficients(response_, tune(F::load(controls_[g][0][f]), rate_), F::load(controls_[g][1][f]),
                        F::load(controls_[g][2][f]));
  }

  Response response_;
  double rate_;
  bool one_input_ = true, still_ = true;
  const float* in_[kLanes];
  float* out_[kLanes];
  LaneControl cutoff_[kLanes], gain_[kLanes], q_[kLanes];
  HWY_ALIGN float s1_[kLanes], s2_[kLanes];
  HWY_ALIGN Rows x_[vectors], y_[vectors], controls_[vectors][3];
  HWY_ALIGN float thrown_away_[kChunk];
};

template <bool low_only, int vectors, class F>
bool run(Response response, std::span<const SvfLane>& lanes, double rate, int frames) {
  const auto some = lanes.first(std::min<std::size_t>(lanes.size(), vectors * F::kCount));
  lanes = lanes.subspan(some.size());
  return Group<low_only, vectors, F>(some, response, rate).run(some, frames);
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
