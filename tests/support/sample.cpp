// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/sample.h"

#include <cmath>
#include <functional>
#include <random>
#include <set>

namespace perigee::test {

namespace {

/// Random parameters stay where sound is: an open range is taken as −4 … 4, a wide one is cut.
double within(const Param& param, double part) {
  const double least = std::isfinite(param.min) ? param.min : -4, most = std::isfinite(param.max) ? param.max : 4;
  if (least > 0) return least * std::pow(most / least, part);
  return least + (most - least) * part;
}

/// Fixed values that have no default, by kind and name.
const std::map<std::string, std::map<std::string, Value>>& required() {
  static const std::map<std::string, std::map<std::string, Value>> table = {
      {"lanes", {{"values", std::vector<double>{110, 220.5, -3}}}},
  };
  return table;
}

}  // namespace

Rig sample(const Spec& spec, unsigned lanes, bool wired, Frames frames) {
  Rig rig{.kind = std::string(spec.kind)};
  std::uint64_t seed = 1;
  for (const auto& port : spec.in) {
    rig.in.push_back(white_noise(lanes, frames, ++seed));
    if (port.many) rig.in.push_back(white_noise(lanes, frames, ++seed));
  }
  for (const auto& param : spec.params) {
    std::mt19937_64 random(std::hash<std::string_view>()(param.name));
    std::uniform_real_distribution<double> uniform;
    const double part = 0.1 + 0.8 * uniform(random);
    if (!wired) {
      rig.params[std::string(param.name)] = static_cast<double>(static_cast<float>(within(param, part)));
      continue;
    }
    Sound moving = silence(spec.in.empty() ? lanes : 1, frames);
    for (auto& lane : moving) {
      const double speed = 0.001 + 0.01 * uniform(random);
      for (Frames i = 0; i < frames; ++i)
        lane[static_cast<std::size_t>(i)] =
            static_cast<float>(within(param, 0.5 + 0.5 * std::sin(speed * static_cast<double>(i))));
    }
    rig.params[std::string(param.name)] = moving;
  }
  const auto given = required().find(rig.kind);
  if (given != required().end()) rig.fixed = given->second;
  return rig;
}

bool lanes_are_independent(const Spec& spec) {
  // … nor where the width is a fixed value of the node's own.
  static const std::set<std::string_view> linked = {"lanes", "noise"};
  return !spec.any_lanes && !linked.contains(spec.kind) && !spec.out.empty();
}

}  // namespace perigee::test
