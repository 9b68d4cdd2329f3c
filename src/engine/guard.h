// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What no loudspeaker and no ear should get: a sample at one of the driver's ports above a limit. The port is
// silent from that very frame on, and who made it so loud is looked for: kNotice frames later, all nodes are
// watched for kWatch frames; then those that were loud all the way to the port are reset, with what lines
// hold of them, and the first of them is told. If none was, as after a single loud sample, or if the port was
// loud again as soon as it sounded, all that is heard there is reset: something may hold it for ever. Then
// the port sounds again.
//
// All of it is counted in frames from the one that was too loud, so it does not depend on periods or threads.
// Audio thread, while no other one runs a share.

#pragma once

#include <vector>

#include "engine/program.h"
#include "engine/report.h"

namespace perigee {

class Guard {
 public:
  /// From the frame that was too loud to the first that is watched: no round of frames is longer, so that
  /// whatever threads find in one can be dealt with at the frame where it is due.
  static constexpr Frames kNotice = 256;
  static constexpr Frames kWatch = kChunk;
  /// So long the port is silent.
  static constexpr Frames kMute = kNotice + kWatch;

  Guard();

  /// How many of these frames come before anything is due.
  int round(Frames now, int frames) const noexcept;
  /// Whether the nodes' levels are wanted (Instance::loudest) in the round that begins now.
  bool watches(Frames now) const noexcept { return now >= watch_from_; }
  /// After a round, what it has found: moves it out of the share.
  void gather(Share& share) noexcept;
  /// After gathering, at the first frame of the next round. Calls `tell` with a Report for each port.
  template <typename Tell>
  void act(Program& program, float limit, Frames now, Tell tell) noexcept {
    if (loud_.empty()) return;
    if (watch_from_ == kNever) watch_from_ = first_of_all() + kNotice;
    if (now == watch_from_) begin_watch(program);
    if (now < watch_from_ + kWatch) return;
    for (const Loud& one : loud_)
      if (one.time < watch_from_) tell(calm(program, one, limit, now));
    std::erase_if(loud_, [this](const Loud& one) { return one.time < watch_from_; });
    watch_from_ = loud_.empty() ? kNever : first_of_all() + kNotice;
  }
  /// The program changes: ports that it does not have are forgotten.
  void follow(const Program& program) noexcept;

 private:
  static constexpr Frames kNever = INT64_MAX;

  Frames first_of_all() const noexcept;
  static void begin_watch(Program& program) noexcept;
  static Report calm(Program& program, const Loud& loud, float limit, Frames now) noexcept;

  std::vector<Loud> loud_;  ///< as many as there is room for
  Frames watch_from_ = kNever;
};

}  // namespace perigee
