// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/loudness.h"

#include <ebur128.h>
#include <fmt/format.h>

#include <cmath>
#include <new>
#include <vector>

namespace perigee::files {

namespace {

constexpr unsigned kMostLanes = 64;       // libebur128's
constexpr double kHighestRate = 2822400;  // libebur128's
/// Its filters are about 1682 Hz: they are unstable at less than twice that, and weigh wrong near it. At 20
/// Hz and less it writes outside of its memory.
constexpr double kLowestRate = 4000;

std::string obstacle(double rate, unsigned lanes) {
  if (lanes < 1 || lanes > kMostLanes) return fmt::format("{} lanes are more than {}", lanes, kMostLanes);
  if (!(rate >= kLowestRate && rate <= kHighestRate))
    return fmt::format("{} Hz is not from {} to {} Hz", rate, kLowestRate, kHighestRate);
  return {};
}

}  // namespace

struct Loudness::Meter {
  Meter(double rate, unsigned lanes, bool measures)
      : state(measures ? ebur128_init(lanes, static_cast<unsigned long>(rate),
                                      EBUR128_MODE_I | EBUR128_MODE_HISTOGRAM)
                       : nullptr) {
    if (measures && state == nullptr) throw std::bad_alloc();
  }
  ~Meter() {
    if (state != nullptr) ebur128_destroy(&state);
  }
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  ebur128_state* state;
  std::vector<float> interleaved;
  double peak = 0;
};

Loudness::Loudness(double rate, unsigned lanes)
    : unmeasured_(obstacle(rate, lanes)), meter_(std::make_unique<Meter>(rate, lanes, unmeasured_.empty())) {}
Loudness::~Loudness() = default;

void Loudness::add(std::span<const float* const> lanes, Frames frames) {
  auto& samples = meter_->interleaved;
  samples.resize(lanes.size() * static_cast<std::size_t>(frames));
  for (std::size_t lane = 0; lane < lanes.size(); ++lane)
    for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i) {
      const float sample = lanes[lane][i];
      samples[i * lanes.size() + lane] = sample;
      meter_->peak = std::max(meter_->peak, std::abs(static_cast<double>(sample)));
    }
  if (meter_->state == nullptr) return;
  ebur128_add_frames_float(meter_->state, samples.data(), static_cast<std::size_t>(frames));
}

double Loudness::peak_db() const { return 20 * std::log10(meter_->peak); }

double Loudness::integrated() const {
  double loudness = -HUGE_VAL;
  if (meter_->state != nullptr) ebur128_loudness_global(meter_->state, &loudness);
  return loudness;
}

}  // namespace perigee::files
