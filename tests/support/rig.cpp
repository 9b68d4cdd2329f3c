// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/rig.h"

#include <cmath>
#include <cstring>
#include <numbers>
#include <random>
#include <stdexcept>

namespace perigee::test {

namespace {

Value initial(const Fixed& fixed) {
  switch (fixed.type) {
    case Fixed::Type::number:
      return fixed.number;
    case Fixed::Type::text:
    case Fixed::Type::choice:
      return std::string(fixed.text);
    case Fixed::Type::numbers:
      return std::vector<double>{};
    case Fixed::Type::points:
      return std::vector<Point>{};
  }
  return 0.0;
}

/// The values and widths that a Setup points at.
struct Bench {
  const Spec& spec;
  std::vector<unsigned> in_lanes, param_lanes;
  std::vector<Value> fixed;
  std::vector<float> numbers;
  Setup setup;

  explicit Bench(const Rig& rig) : spec(*find_kind(rig.kind)) {
    for (const auto& sound : rig.in) in_lanes.push_back(static_cast<unsigned>(sound.size()));
    for (std::size_t i = in_lanes.size(); i < spec.in.size(); ++i) in_lanes.push_back(1);
    for (const auto& param : spec.params) {
      const auto given = rig.params.find(std::string(param.name));
      const auto* sound = given == rig.params.end() ? nullptr : std::get_if<Sound>(&given->second);
      param_lanes.push_back(sound == nullptr ? 1 : static_cast<unsigned>(sound->size()));
      numbers.push_back(static_cast<float>(given == rig.params.end() ? param.initial
                                           : sound != nullptr        ? 0.0
                                                                     : std::get<double>(given->second)));
    }
    for (const auto& [name, value] : rig.params) {
      if (std::ranges::none_of(spec.params, [&](const auto& p) { return p.name == name; }))
        throw std::runtime_error("no parameter " + name);
    }
    for (const auto& one : spec.fixed) {
      const auto given = rig.fixed.find(std::string(one.name));
      fixed.push_back(given == rig.fixed.end() ? initial(one) : given->second);
    }
    setup = {.rate = rig.rate,
             .in_lanes = in_lanes,
             .param_lanes = param_lanes,
             .fixed = fixed,
             .folder = rig.folder,
             .ordinal = 1};
    const std::string mistake = spec.check(setup);
    if (!mistake.empty()) throw std::runtime_error(mistake);
    setup.lanes = spec.lanes(setup);
  }
};

/// Each call's frames.
class Pieces {
 public:
  explicit Pieces(Split split) : split_(split), random_(split.seed) {}
  /// Of which at most so many are to come.
  int next(Frames most) {
    if (split_.seed == 0 && left_ == 0) left_ = split_.period;
    Frames n =
        split_.seed != 0 ? 1 + static_cast<Frames>(random_() % kChunk) : std::min<Frames>(left_, kChunk);
    n = std::min(n, most);
    left_ -= n;
    return static_cast<int>(n);
  }

 private:
  Split split_;
  std::mt19937_64 random_;
  Frames left_ = 0;
};

struct Run {
  std::vector<Sound> out;
  std::vector<float> readings;
};

Run run_node(const Rig& rig, Frames frames, Frames keep, Split split) {
  const Bench bench(rig);
  const Spec& spec = bench.spec;
  const auto node = spec.make(bench.setup);
  const unsigned lanes = bench.setup.lanes;

  Run result;
  result.out.assign(spec.out.size(), silence(lanes, keep));
  result.readings.resize(spec.readings.size());

  const std::size_t ins = std::max(rig.in.size(), spec.in.size());
  std::vector<std::vector<float>> in_memory(ins), param_memory(spec.params.size()),
      out_memory(spec.out.size());
  std::vector<Signal> in(ins);
  std::vector<Control> param(spec.params.size());
  std::vector<Output> out(spec.out.size());
  for (std::size_t i = 0; i < ins; ++i) {
    const unsigned n = i < bench.in_lanes.size() ? bench.in_lanes[i] : 1;
    in_memory[i].assign(static_cast<std::size_t>(n) * kChunk, 0);
    in[i] = {in_memory[i].data(), n, n == 1 ? 0u : static_cast<unsigned>(kChunk), i < rig.in.size()};
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    out_memory[i].assign(static_cast<std::size_t>(lanes) * kChunk, 1e9F);
    out[i] = {out_memory[i].data(), lanes, kChunk};
  }
  if (rig.in_place) out[0].data = in_memory.at(0).data();

  Pieces pieces(split);
  auto told = rig.told.begin();
  for (Frames at = 0; at < frames;) {
    if (at == rig.reset_at) node->reset();
    for (; told != rig.told.end() && told->first <= at; ++told) node->take(told->second);
    Frames end = at < rig.reset_at ? std::min(rig.reset_at, frames) : frames;
    if (told != rig.told.end()) end = std::min(end, told->first);
    const int n = pieces.next(end - at);
    const auto copy_in = [&](const Sound& sound, std::vector<float>& memory) {
      for (std::size_t lane = 0; lane < sound.size(); ++lane)
        std::copy_n(sound[lane].begin() + at, n, memory.begin() + static_cast<Frames>(lane) * kChunk);
    };
    for (std::size_t i = 0; i < rig.in.size(); ++i) copy_in(rig.in[i], in_memory[i]);
    for (std::size_t i = 0; i < param.size(); ++i) {
      const auto given = rig.params.find(std::string(spec.params[i].name));
      const auto* sound = given == rig.params.end() ? nullptr : std::get_if<Sound>(&given->second);
      if (sound == nullptr) {
        param[i] = {&bench.numbers[i], 0, true};
        continue;
      }
      param_memory[i].resize(sound->size() * kChunk);
      copy_in(*sound, param_memory[i]);
      param[i] = {param_memory[i].data(), sound->size() == 1 ? 0u : static_cast<unsigned>(kChunk), false};
    }
    node->process({.frames = n, .in = in, .param = param, .out = out, .related = rig.related});
    const Frames begin = frames - keep;
    const Frames skip = std::clamp<Frames>(begin - at, 0, n);
    for (std::size_t i = 0; i < out.size() && skip < n; ++i)
      for (unsigned lane = 0; lane < lanes; ++lane)
        std::copy_n(out[i][lane] + skip, n - skip, result.out[i][lane].begin() + (at + skip - begin));
    at += n;
  }
  node->read(result.readings);
  return result;
}

}  // namespace

std::vector<Split> splits() {
  return {{1}, {16}, {63}, {64}, {100}, {1024}, {.seed = 20261121}, {.seed = 7}};
}

std::vector<Sound> Rig::run(Frames frames, Split split) const {
  return run_node(*this, frames, frames, split).out;
}
std::vector<Sound> Rig::tail(Frames frames, Frames keep, Split split) const {
  return run_node(*this, frames, keep, split).out;
}
std::vector<float> Rig::readings(Frames frames, Split split) const {
  return run_node(*this, frames, 0, split).readings;
}
Rig Rig::from(Frames frame) const {
  Rig later = *this;
  const auto cut = [&](Sound& sound) {
    for (auto& lane : sound) lane.erase(lane.begin(), lane.begin() + frame);
  };
  for (auto& sound : later.in) cut(sound);
  std::erase_if(later.told, [&](const auto& one) { return one.first < frame; });
  for (auto& one : later.told) one.first -= frame;
  for (auto& [name, given] : later.params)
    if (auto* sound = std::get_if<Sound>(&given)) cut(*sound);
  return later;
}
Frames Rig::latency() const {
  const Bench bench(*this);
  return bench.spec.latency(bench.setup);
}
unsigned Rig::lanes() const { return Bench(*this).setup.lanes; }

Sound silence(unsigned lanes, Frames frames) {
  return Sound(lanes, Lane(static_cast<std::size_t>(frames), 0.F));
}

Sound impulse(Frames frames, Frames at, float height) {
  Sound sound = silence(1, frames);
  sound[0][static_cast<std::size_t>(at)] = height;
  return sound;
}

Sound white_noise(unsigned lanes, Frames frames, std::uint64_t seed, float peak) {
  std::mt19937_64 random(seed);
  Sound sound = silence(lanes, frames);
  for (auto& lane : sound)
    for (auto& sample : lane)
      sample = static_cast<float>(static_cast<double>(random() >> 11) * 0x1p-52 - 1) * peak;
  return sound;
}

Sound sine_wave(double hz, double rate, Frames frames, double amplitude, Frames start) {
  Sound sound = silence(1, frames);
  for (Frames i = 0; i < frames; ++i) {
    const double cycles = hz * static_cast<double>(start + i) / rate;
    sound[0][static_cast<std::size_t>(i)] =
        static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * (cycles - std::floor(cycles))));
  }
  return sound;
}

bool identical(const Sound& a, const Sound& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t lane = 0; lane < a.size(); ++lane) {
    if (a[lane].size() != b[lane].size()) return false;
    if (std::memcmp(a[lane].data(), b[lane].data(), a[lane].size() * sizeof(float)) != 0) return false;
  }
  return true;
}

double difference_db(const Sound& a, const Sound& b) {
  if (a.size() != b.size()) throw std::runtime_error("sounds of different lanes");
  double most = 1e-20;
  for (std::size_t lane = 0; lane < a.size(); ++lane) {
    if (a[lane].size() != b[lane].size()) throw std::runtime_error("sounds of different lengths");
    for (std::size_t i = 0; i < a[lane].size(); ++i) {
      const double difference = std::abs(static_cast<double>(a[lane][i]) - b[lane][i]);
      if (!(difference <= 1e9)) throw std::runtime_error("a sound holds NaN or more");
      most = std::max(most, difference);
    }
  }
  return 20 * std::log10(most);
}

double peak(const Lane& lane) {
  double most = 0;
  for (const float sample : lane) most = std::max(most, std::abs(static_cast<double>(sample)));
  return most;
}

}  // namespace perigee::test
