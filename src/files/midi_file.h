// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Standard MIDI Files, read with libsmf. Not for the real-time thread.

#pragma once

#include <filesystem>
#include <vector>

#include "dsp/frames.h"
#include "node/message.h"

namespace perigee::files {

struct TimedMessage {
  Frames time = 0;  ///< from the start of the file
  Message message;
};

/// The channel messages of all tracks, by time: the file's own tempo map in frames at a rate, Hz, each to the
/// nearest. Throws std::runtime_error: "FILE: reason".
std::vector<TimedMessage> read_midi(const std::filesystem::path& path, double rate);

}  // namespace perigee::files
