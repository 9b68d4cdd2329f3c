// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/offline.h"

#include <algorithm>
#include <random>

namespace perigee {

void run_offline(Engine& engine, const std::vector<std::vector<float>>& in, unsigned out_channels,
                 Frames frames, const Periods& periods, const Consume& consume, const Prepare& prepare) {
  const auto most = static_cast<std::size_t>(periods.frames);
  std::mt19937_64 random(periods.seed);
  std::uniform_int_distribution<int> any(1, periods.frames);
  std::vector<std::vector<float>> from(in.size(), std::vector<float>(most)),
      to(out_channels, std::vector<float>(most));
  std::vector<const float*> from_channels, to_read;
  std::vector<float*> to_channels;
  for (const auto& lane : from) from_channels.push_back(lane.data());
  for (auto& lane : to) {
    to_channels.push_back(lane.data());
    to_read.push_back(lane.data());
  }
  for (Frames at = 0; at < frames;) {
    const Frames wanted = periods.seed != 0 ? any(random) : periods.frames;
    const int period = static_cast<int>(std::min(wanted, frames - at));
    for (std::size_t i = 0; i < in.size(); ++i) {
      const Frames left = std::clamp<Frames>(static_cast<Frames>(in[i].size()) - at, 0, period);
      std::copy_n(in[i].begin() + std::min(at, static_cast<Frames>(in[i].size())), left, from[i].begin());
      std::fill(from[i].begin() + left, from[i].begin() + period, 0.F);
    }
    engine.take();
    prepare(at, period);
    engine.run(from_channels.data(), static_cast<unsigned>(in.size()), to_channels.data(), out_channels,
               period);
    at += period;
    if (!consume(to_read, period)) return;
  }
}

}  // namespace perigee
