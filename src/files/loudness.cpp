// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/loudness.h"

#include <ebur128.h>

#include <cmath>
#include <new>
#include <vector>

namespace perigee::files {

struct Loudness::Meter {
  Meter(double rate, unsigned lanes)
      : state(
            ebur128_init(lanes, static_cast<unsigned long>(rate), EBUR128_MODE_I | EBUR128_MODE_HISTOGRAM)) {
    if (state == nullptr) throw std::bad_alloc();
  }
  ~Meter() { ebur128_destroy(&state); }
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  ebur128_state* state;
  std::vector<float> interleaved;
  double peak = 0;
};

Loudness::Loudness(double rate, unsigned lanes) : meter_(std::make_unique<Meter>(rate, lanes)) {}
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
  ebur128_add_frames_float(meter_->state, samples.data(), static_cast<std::size_t>(frames));
}

double Loudness::peak_db() const { return 20 * std::log10(meter_->peak); }

double Loudness::integrated() const {
  double loudness = -HUGE_VAL;
  ebur128_loudness_global(meter_->state, &loudness);
  return loudness;
}

}  // namespace perigee::files
