// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether what runs in logical time gets anywhere. What counts is that the frame moves, not that what wait()
// is given is more than nothing: that may be less than a frame, or less than a beat that is far away can
// tell. Counted in frames, so that the same patch fails on every machine, or on none.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace perigee {

/// How often one task goes on.
struct Pace {
  double frame = -std::numeric_limits<double>::infinity();  ///< at which it went on last
  double idle = 0;          ///< how often it went on without leaving a frame, less one for each frame since
  std::uint64_t round = 0;  ///< of the crowd: what follows is since that began
  std::size_t steps = 0;    ///< within a frame
  std::size_t asked = 0;    ///< actions
  double cost = 0;          ///< seconds of processors, since somebody asked

  /// It goes on at a frame. Whether it does so without having left it.
  bool step(double at) {
    const double passed = std::max(at - std::exchange(frame, at), 0.0);
    idle = std::max(idle - passed, 0.0);
    if (passed > 0) return false;
    ++idle;
    ++steps;
    return true;
  }
  void join(std::uint64_t now) {
    if (std::exchange(round, now) != now) steps = asked = 0;
  }
};

/// So often a task may go on without leaving a frame. One wait(0) after the other is the same at any beat.
inline constexpr double kMostIdle = 1000;

/// What all tasks take together.
class Crowd {
 public:
  /// Within a frame, one more for each frame that passes.
  static constexpr double kMostSteps = 8192;
  /// Notes and sets, and as many more for each frame as the engine can be sent.
  static constexpr double kMostAsked = 262144;
  static constexpr double kAskedEachFrame = 64;

  enum class Excess { none, steps, asked };

  /// At a frame some more were taken. With an excess, another round begins.
  Excess take(double frame, std::size_t steps, std::size_t asked);
  std::uint64_t round() const { return round_; }

 private:
  double frame_ = 0, steps_ = 0, asked_ = 0;
  std::uint64_t round_ = 1;
};

inline Crowd::Excess Crowd::take(double frame, std::size_t steps, std::size_t asked) {
  const double passed = std::max(frame - std::exchange(frame_, frame), 0.0);
  steps_ = std::max(steps_ - passed, 0.0) + static_cast<double>(steps);
  asked_ = std::max(asked_ - passed * kAskedEachFrame, 0.0) + static_cast<double>(asked);
  const Excess excess = steps_ > kMostSteps   ? Excess::steps
                        : asked_ > kMostAsked ? Excess::asked
                                              : Excess::none;
  if (excess != Excess::none) steps_ = asked_ = 0;
  if (steps_ == 0 && asked_ == 0) ++round_;
  return excess;
}

}  // namespace perigee
