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

bool has_gain(Response response) { return response >= Response::peak; }
unsigned numbers_of(Response response) { return has_gain(response) ? 3 : 2; }

/// The gain comes between cutoff and q, where there is one.
template <class F>
HWY_INLINE Coefficients<F> coefficients_of(Response response, double rate, const float* cutoff,
                                           const float* second, const float* third) {
  return coefficients(response, tune(F::load(cutoff), rate), F::load(second),
                      F::load(has_gain(response) ? third : second));
}

bool is_still(const SvfLane& lane, Response response) {
  return lane.param[0].still && lane.param[1].still && (!has_gain(response) || lane.param[2].still);
}

bool is_kept(const SvfLane& lane, Response response) {
  const auto same = [&lane](unsigned p) { return *lane.param[p].data == lane.state->numbers[p]; };
  return same(0) && same(1) && (!has_gain(response) || same(2));
}

void keep(const SvfLane& lane, Response response, double rate) {
  SvfState& state = *lane.state;
  for (unsigned p = 0; p < numbers_of(response); ++p) state.numbers[p] = *lane.param[p].data;
  const auto a = coefficients_of<Floats<hn::CappedTag<float, 1>>>(response, rate, &state.numbers[0],
                                                                  &state.numbers[1], &state.numbers[2]);
  a.b.store(&state.coefficients[0]);
  a.c.store(&state.coefficients[1]);
  a.d.store(&state.coefficients[2]);
  a.direct.store(&state.coefficients[3]);
  a.band.store(&state.coefficients[4]);
  a.low.store(&state.coefficients[5]);
}

template <class F>
struct Kept {
  F s1, s2;
  Coefficients<F> a;
};

/// Of as many lanes as a vector holds: rows of states, turned.
template <class F>
HWY_INLINE Kept<F> kept_of(const SvfLane* lanes) {
  const auto row = [lanes](int lane) { return reinterpret_cast<const float*>(lanes[lane].state); };
  typename F::V all[std::max(F::kCount, 8)];
  if constexpr (F::kCount == 1) {
    unrolled<8>([&](auto i) PERIGEE_BODY { all[i] = F(row(0)[i]).v; });
  } else if constexpr (F::kCount == 4) {
    typename F::V first[4], second[4];
    unrolled<4>([&](auto i) PERIGEE_BODY {
      first[i] = hn::Load(typename F::Tag(), row(i));
      second[i] = hn::Load(typename F::Tag(), row(i) + 4);
    });
    transpose(typename F::Tag(), first);
    transpose(typename F::Tag(), second);
    unrolled<4>([&](auto i) PERIGEE_BODY {
      all[i] = first[i];
      all[4 + i] = second[i];
    });
  } else {
    unrolled<F::kCount>([&](auto i) PERIGEE_BODY { all[i] = hn::Load(typename F::Tag(), row(i)); });
    transpose(typename F::Tag(), all);
  }
  return {all[0], all[1], {all[2], all[3], all[4], all[5], all[6], all[7]}};
}

/// A few vectors of lanes, which run side by side: what one waits for, the others use.
template <bool low_only, int vectors, class F>
class Group {
 public:
  static constexpr int kLanes = vectors * F::kCount;

  /// `lanes`: as many as it has.
  Group(const SvfLane* lanes, Response response, double rate, bool same)
      : lanes_(lanes), response_(response), rate_(rate), same_(same) {
    for (int i = 0; i < kLanes; ++i) {
      one_input_ = one_input_ && lanes[i].in == lanes[0].in;
      still_ = still_ && is_still(lanes[i], response);
    }
  }

  bool run(int frames) { return still_ ? run_still(frames) : run_moving(frames); }

 private:
  bool run_still(int frames) {
    for (int i = 0; i < kLanes && !same_; ++i)
      if (!is_kept(lanes_[i], response_)) keep(lanes_[i], response_, rate_);
    Kept<F> kept[vectors];
    Doubt<F> doubt;
    unrolled<vectors>([&](auto g) PERIGEE_BODY { kept[g] = kept_of<F>(lanes_ + g * F::kCount); });
    for (int at = 0; at < frames; at += F::kCount) {
      const int count = std::min(F::kCount, frames - at);
      if (!one_input_) read(at, count);
      for (int f = 0; f < count; ++f) {
        const F same(lanes_[0].in[at + f]);
        unrolled<vectors>([&](auto g) PERIGEE_BODY {
          Kept<F>& one = kept[g];
          const F y = tick<low_only>(one.s1, one.s2, one_input_ ? same : F::load(x_[g][f]), one.a);
          y.store(y_[g][f]);
          doubt.look_at(y);
        });
      }
      write(at, count);
    }
    unrolled<vectors>([&](auto g) PERIGEE_BODY { write_states(g, kept[g].s1, kept[g].s2); });
    return doubt.none();
  }

  bool run_moving(int frames) {
    Doubt<F> doubt;
    for (int at = 0; at < frames; at += F::kCount) {
      const int count = std::min(F::kCount, frames - at);
      read(at, count);
      read_controls(at, count);
      for (int g = 0; g < vectors; ++g) {
        Kept<F> kept = kept_of<F>(lanes_ + g * F::kCount);
        for (int f = 0; f < count; ++f) {
          const float(&numbers)[3][F::kCount][F::kCount] = controls_[g];
          const auto a = coefficients_of<F>(response_, rate_, numbers[0][f], numbers[1][f], numbers[2][f]);
          const F y = tick<low_only>(kept.s1, kept.s2, F::load(x_[g][f]), a);
          y.store(y_[g][f]);
          doubt.look_at(y);
        }
        write_states(g, kept.s1, kept.s2);
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
      for (unsigned p = 0; p < numbers_of(response_); ++p) {
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

  void write_states(int g, F s1, F s2) {
    HWY_ALIGN float pairs[F::kCount][2];
    hn::StoreInterleaved2(s1.v, s2.v, typename F::Tag(), pairs[0]);
    unrolled<F::kCount>([&](auto i) PERIGEE_BODY {
      std::memcpy(&lanes_[g * F::kCount + i].state->s1, pairs[i], sizeof(pairs[i]));
    });
  }

  const SvfLane* lanes_;
  Response response_;
  double rate_;
  bool same_;
  bool one_input_ = true, still_ = true;
  HWY_ALIGN Rows x_[vectors], y_[vectors], controls_[vectors][3];
};

/// What is missing of a full group is filled up with the last lane, and thrown away.
template <bool low_only, int vectors, class F>
bool run(Response response, std::span<const SvfLane>& lanes, double rate, int frames, bool same) {
  using G = Group<low_only, vectors, F>;
  const auto some = lanes.first(std::min<std::size_t>(lanes.size(), G::kLanes));
  lanes = lanes.subspan(some.size());
  if (some.size() == G::kLanes) return G(some.data(), response, rate, same).run(frames);
  SvfLane full[G::kLanes];
  SvfState state = *some.back().state;
  HWY_ALIGN float thrown_away[kChunk];
  std::ranges::copy(some, full);
  for (std::size_t i = some.size(); i < G::kLanes; ++i) {
    full[i] = some.back();
    full[i].state = &state;
    full[i].out[0] = thrown_away;
  }
  return G(full, response, rate, same).run(frames);
}

template <bool low_only>
bool run_all(Response response, std::span<const SvfLane> lanes, double rate, int frames, bool same) {
  using Four = Floats<hn::CappedTag<float, 4>>;
  using One = Floats<hn::CappedTag<float, 1>>;
  bool finite = true;
  while (!lanes.empty()) {
    bool good = true;
    if (lanes.size() == 1)
      good = run<low_only, 1, One>(response, lanes, rate, frames, same);
    else if (lanes.size() <= 4)
      good = run<low_only, 1, Four>(response, lanes, rate, frames, same);
    else if (lanes.size() <= Wide::kCount)
      good = run<low_only, 1, Wide>(response, lanes, rate, frames, same);
    else if (lanes.size() <= 2 * Wide::kCount)
      good = run<low_only, 2, Wide>(response, lanes, rate, frames, same);
    else
      good = run<low_only, 4, Wide>(response, lanes, rate, frames, same);
    finite = finite && good;
  }
  return finite;
}

bool Svf(Response response, std::span<const SvfLane> lanes, double rate, int frames, bool same) {
  return response == Response::lowpass ? run_all<true>(response, lanes, rate, frames, same)
                                       : run_all<false>(response, lanes, rate, frames, same);
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Svf);

bool svf(Response response, std::span<const SvfLane> lanes, double rate, int frames, bool same) noexcept {
  return HWY_DYNAMIC_DISPATCH(Svf)(response, lanes, rate, frames, same);
}

}  // namespace perigee::dsp
#endif
