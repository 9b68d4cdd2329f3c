// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Standard MIDI Files. Not for the real-time thread.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/frames.h"
#include "node/message.h"

namespace perigee::files {

struct TimedMessage {
  Frames time = 0;  ///< from the start of the file
  Message message;
};

struct MidiFile {
  std::vector<TimedMessage> messages;  ///< by time
  /// What is not as it should be, though all can be played: "FILE: track 2, byte 97: …".
  std::vector<std::string> remarks;
};

/// A file that lasts longer is none: a rendering is not longer either. Seconds.
inline constexpr double kLongestMidi = 1e6;

/// The messages of all tracks: the file's own tempo map in frames at a rate, Hz, each to the nearest. Formats
/// 0 and 1, also within RIFF. What is held at its end is let go there. Throws std::runtime_error, where it is
/// none or is damaged anywhere: "FILE: track 2, byte 97: what was expected, and what is there".
MidiFile read_midi(const std::filesystem::path& path, double rate);

}  // namespace perigee::files
