// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One thread on its way through the steps of a chunk: nodes with their events, ramps and faults. Audio
// thread.

#pragma once

#include <limits>

#include "engine/event_pool.h"
#include "engine/program.h"

namespace perigee {

/// At most 64 frames of a period.
struct Chunk {
  Frames now = 0;  ///< its first frame in engine time
  int frames = 0;
  int offset = 0;                    ///< in the period
  const float* const* in = nullptr;  ///< the driver's channels
  float* const* out = nullptr;
  bool eventless = false;                           ///< no event waits for any node
  bool measured = false;                            ///< the times of its steps are wanted
  bool watched = false;                             ///< the levels of its nodes are wanted
  float limit = std::numeric_limits<float>::max();  ///< of a sample at a port
};

class Walk {
 public:
  Walk(Share& share, EventPool& pool, const Chunk& chunk)
      : share_(share), pool_(pool), chunk_(chunk), now_(chunk.now), frames_(chunk.frames) {}

  void run(const RunStep& step) noexcept;
  /// The same, by number, and measured if the chunk is to be.
  void run(Program& program, std::uint32_t step) noexcept {
    if (chunk_.measured)
      run_measured(program, step);
    else
      run(program.steps[step]);
    if (chunk_.watched) note_levels(program.steps[step]);
  }

 private:
  void note_levels(const RunStep& step) const noexcept;
  void run_write_port(const RunStep& step) noexcept;
  void run_measured(Program& program, std::uint32_t step) noexcept;
  void run_node(const RunStep& step) noexcept;
  void run_mix(const RunStep& step) noexcept;
  void run_clamp(const RunStep& step) const noexcept;
  void run_total(const RunStep& step) noexcept;
  void run_bank(const RunStep& step) noexcept;
  bool move_numbers(const RunStep& step) noexcept;
  static void still_numbers(const RunStep& step) noexcept;
  void run_node_in_pieces(const RunStep& step) noexcept;
  void apply_events(const RunStep& step, Frames now) noexcept;
  int piece_length(const RunStep& step, int at) const noexcept;
  void silence_muted(const RunStep& step) const noexcept;
  void contain(const RunStep& step, int at, int frames) noexcept;
  bool quiet(const RunStep& step) const noexcept;
  bool at_rest() const noexcept { return chunk_.eventless && now_ >= share_.restless_until; }

  Share& share_;
  EventPool& pool_;
  const Chunk& chunk_;
  Frames now_;
  int frames_;
};

}  // namespace perigee
