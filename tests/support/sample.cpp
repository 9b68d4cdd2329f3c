// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/sample.h"

#include <cmath>
#include <functional>
#include <random>
#include <set>

#include "files/sound_writer.h"
#include "support/temporary.h"

namespace perigee::test {

namespace {

/// Random parameters stay where sound is: an open range is taken as −4 … 4, a wide one is cut.
double within(const Spec& spec, const Param& param, double part) {
  double least = std::isfinite(param.min) ? param.min : -4, most = std::isfinite(param.max) ? param.max : 4;
  if (spec.kind == "divide")
    least = 0.5;  // through zero, quotients are Inf, which are the engine's to contain
  if (param.unit == Unit::seconds)
    most = std::max(least, std::min(most, 0.02));  // so that in some thousand frames something happens
  if (least > 0) return least * std::pow(most / least, part);
  return least + (most - least) * part;
}

/// A mono sound file of half a thousand frames of noise.
std::string sound_file() {
  static const TemporaryFolder folder;
  const std::string path = folder / "sample.wav";
  const Sound noise = white_noise(1, 500, 1);
  const float* lanes[] = {noise[0].data()};
  files::SoundWriter writer(path, 48000, 1);
  writer.write(lanes, 500);
  writer.close();
  return path;
}

/// Lanes of the inputs that a kind takes when it is asked for `lanes`: not all take any.
unsigned width(const Spec& spec, unsigned lanes, bool wired) {
  if (spec.kind == "balance") return 2;
  if (spec.kind == "pan" && !wired) return 1;  // several lanes need several positions
  return lanes;
}

/// Fixed values that have no default, by kind and name.
const std::map<std::string, std::map<std::string, Value>>& required() {
  static const std::map<std::string, std::map<std::string, Value>> table = {
      {"player", {{"file", sound_file()}, {"loop", 1.0}}},
      {"align", {{"frames", 100.0}}},
      {"lag", {{"frames", 100.0}}},
      {"lane",
       {{"points",
         std::vector<Point>{{0.001, 100, "lin"}, {0.01, 800, "exp"}, {0.02, -1, "s"}, {0.03, 2, "step"}}},
        {"loop", 0.04}}},
      {"cc", {{"number", 74.0}}},
      {"lanes", {{"values", std::vector<double>{110, 220.5, -3}}}},
  };
  return table;
}

/// Keys, pedals, wheels, at random; what every kind that hears takes some of.
std::vector<std::pair<Frames, Message>> played(Frames frames, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::pair<Frames, Message>> told;
  for (Frames at = 0; at < frames; at += static_cast<Frames>(random() % 80)) {
    Message message{.what = static_cast<Message::What>(random() % 7)};
    message.key = static_cast<float>(60 + random() % 12);
    message.number = random() % 2 == 0 ? 74 : kSustain;
    message.value = message.what == Message::What::control ? static_cast<float>(random() % 128)
                                                           : static_cast<float>(random() % 100) / 100;
    told.emplace_back(at, message);
  }
  return told;
}

}  // namespace

Rig sample(const Spec& spec, unsigned lanes, bool wired, Frames frames) {
  Rig rig{.kind = std::string(spec.kind)};
  std::uint64_t seed = 1;
  const unsigned wide = width(spec, lanes, wired);
  for (const auto& port : spec.in) {
    rig.in.push_back(white_noise(wide, frames, ++seed));
    if (port.many) rig.in.push_back(white_noise(wide, frames, ++seed));
  }
  for (const auto& param : spec.params) {
    std::mt19937_64 random(std::hash<std::string_view>()(param.name));
    std::uniform_real_distribution<double> uniform;
    const double part = 0.1 + 0.8 * uniform(random);
    if (!wired) {
      rig.params[std::string(param.name)] =
          static_cast<double>(static_cast<float>(within(spec, param, part)));
      continue;
    }
    Sound moving = silence(spec.in.empty() || spec.kind == "pan" ? lanes : 1, frames);
    for (auto& lane : moving) {
      const double speed = 0.001 + 0.01 * uniform(random);
      for (Frames i = 0; i < frames; ++i)
        lane[static_cast<std::size_t>(i)] =
            static_cast<float>(within(spec, param, 0.5 + 0.5 * std::sin(speed * static_cast<double>(i))));
    }
    rig.params[std::string(param.name)] = moving;
  }
  const auto given = required().find(rig.kind);
  if (given != required().end()) rig.fixed = given->second;
  if (spec.hears >= 0) rig.told = played(frames, ++seed);
  return rig;
}

bool lanes_are_independent(const Spec& spec) {
  // Linked, or as wide as a fixed value of their own says, or spread.
  static const std::set<std::string_view> linked = {"balance", "chorus", "compressor", "limiter",
                                                    "lane",    "lanes",  "noise",      "reverb"};
  return !spec.any_lanes && spec.hears < 0 && !linked.contains(spec.kind) && !spec.out.empty();
}

}  // namespace perigee::test
