// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs one node without an engine: given what a patch would write, sound in, sound out, in any split of
// frames.

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "node/registry.h"

namespace perigee::test {

using Lane = std::vector<float>;
using Sound = std::vector<Lane>;  ///< lanes × frames

/// How a run is split into calls: always `period` frames (cut into chunks of at most 64), or random ones.
struct Split {
  int period = kChunk;
  std::uint64_t seed = 0;  ///< not 0: random calls of 1 … 64 frames
};

/// Every split that a result must not depend on: periods 1, 16, 63, 64, 100, 1024 and two random ones.
std::vector<Split> splits();

struct Rig {
  std::string kind;
  double rate = 48000;
  std::map<std::string, std::variant<double, Sound>> params = {};  ///< numbers, or signals as long as the run
  std::map<std::string, Value> fixed = {};
  std::vector<Sound> in = {};
  std::vector<std::pair<Frames, Message>> told = {};  ///< before which frame, in their order
  bool related = false;
  std::filesystem::path folder = {};
  bool in_place = false;  ///< the first output is written over the first input
  Frames reset_at = -1;   ///< the node is reset before this frame

  /// A fresh node run over `frames`: one Sound for each output. Throws std::runtime_error with what
  /// Spec::check or the constructor says.
  std::vector<Sound> run(Frames frames, Split split = {}) const;
  /// The last `keep` frames of such a run, which may then be long.
  std::vector<Sound> tail(Frames frames, Frames keep, Split split = {}) const;
  /// The node's readings after `frames`.
  std::vector<float> readings(Frames frames, Split split = {}) const;
  /// The same with the sounds from a frame on.
  Rig from(Frames frame) const;
  /// What the Spec says of this setup.
  Frames latency() const;
  unsigned lanes() const;
};

Sound silence(unsigned lanes, Frames frames);
Sound impulse(Frames frames, Frames at = 0, float height = 1);
Sound white_noise(unsigned lanes, Frames frames, std::uint64_t seed, float peak = 1);
Sound sine_wave(double hz, double rate, Frames frames, double amplitude = 1, Frames start = 0);

/// Bit for bit.
bool identical(const Sound& a, const Sound& b);
/// The largest difference, in dB relative to full scale (−400 when there is none).
double difference_db(const Sound& a, const Sound& b);
double peak(const Lane& lane);

}  // namespace perigee::test
