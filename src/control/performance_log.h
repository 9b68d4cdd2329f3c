// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a log of a performance tells (journal.h), read and checked as a patch is: each number, name and frame
// against what it is about, as far as that can be known before it is played. Replay (replay.h) finds the
// rest. Control thread.

#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>

#include "control/budget.h"
#include "control/editor.h"
#include "engine/event.h"

namespace perigee {

struct PerformanceLog {
  /// The editor takes a patch on, or attends to what is under way.
  struct Edit {
    int line = 0;  ///< of the log, as below
    Editor::Seen seen;
    std::optional<Patch> patch;  ///< that compiles without mistakes
  };
  struct Sent {
    int line = 0;
    std::optional<std::uint64_t> node;  ///< none: an era ends
    Event event;
  };
  /// A clock starts, or stops or goes elsewhere.
  struct Clock {
    int line = 0;
    Frames period = 0;  ///< in which it did: its first frame
    int offset = 0;
    std::uint32_t era = 0;
    bool starts = false;
  };
  struct Heard {
    int line = 0;
    Frames period = 0;  ///< in which it came: its first frame
    int offset = 0;
    std::string port;
    Message message;
  };
  struct Count {
    int line = 0;
    Frames at = 0;
    unsigned count = 0;
  };

  std::filesystem::path file;
  double rate = 0;
  float limit = std::numeric_limits<float>::max();  ///< of Engine::guard
  Frames end = 0;
  // Each in the order of its frames.
  std::deque<Edit> edits;
  std::deque<Count> begun, taken;
  std::deque<Sent> sent;
  std::deque<Heard> heard;
  std::deque<Clock> clock;
  /// That it was cut off while it was written, and where: "FILE:LINE: …"; or empty.
  std::string remark;
};

/// More than any driver's period, frames.
inline constexpr int kLongestPeriod = 65536;

/// Throws Misfit, "FILE:LINE: …", when it is none. One that was cut off is read as far as it goes. Each of
/// its patches may take so much memory.
PerformanceLog read_log(const std::filesystem::path& file, Bytes memory = usual_budget());

}  // namespace perigee
