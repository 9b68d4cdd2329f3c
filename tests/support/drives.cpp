// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/drives.h"

#include <cmath>
#include <functional>
#include <random>

#include "patch/patch.h"

namespace perigee::test {

std::vector<Drive> drives(const Param& param, unsigned lanes, Frames frames, std::uint64_t seed) {
  const auto min = static_cast<float>(std::isfinite(param.min) ? param.min : -1e6),
             max = static_cast<float>(std::isfinite(param.max) ? param.max : 1e6);
  const float wild[] = {min, max, 0.F, -0.F, -1e8F, 1e8F, -3e38F, 3e38F, 1e-40F, -1e-40F, 1e-30F, 1.F};
  std::vector<Drive> all;
  const auto add = [&](const std::string& name, const std::function<float(unsigned, Frames)>& at) {
    Drive& drive = all.emplace_back(Drive{name, silence(lanes, frames)});
    for (unsigned lane = 0; lane < lanes; ++lane)
      for (Frames i = 0; i < frames; ++i) drive.signal[lane][static_cast<std::size_t>(i)] = at(lane, i);
  };
  add("min", [&](unsigned, Frames) { return min; });
  add("max", [&](unsigned, Frames) { return max; });
  add("far below", [&](unsigned lane, Frames) { return lane % 2 == 0 ? -1e8F : -3e38F; });
  add("far above", [&](unsigned lane, Frames) { return lane % 2 == 0 ? 1e8F : 3e38F; });
  add("hardly",
      [&](unsigned lane, Frames i) { return (lane + static_cast<unsigned>(i)) % 2 == 0 ? 1e-40F : -1e-40F; });
  std::mt19937_64 random(seed);
  float step = 0;
  add("steps",
      [&](unsigned, Frames) { return step = random() % 16 == 0 ? wild[random() % std::size(wild)] : step; });
  std::uniform_real_distribution<float> uniform(-1, 1);
  add("noise", [&](unsigned, Frames) { return uniform(random) * std::pow(10.F, 19 * uniform(random)); });
  add("swing", [&](unsigned, Frames i) {
    return min + (max - min) * (0.5F + std::sin(static_cast<float>(i) * 0.7F));
  });
  return all;
}

Sound held(const Spec& spec, std::size_t param, Sound signal) {
  const Bounds bounds = bounds_of(blank(spec), param);
  for (Lane& lane : signal)
    for (float& sample : lane) sample = bounds.held(sample);
  return signal;
}

}  // namespace perigee::test
