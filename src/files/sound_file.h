// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sound from a file, whole, through libsndfile. Not for the real-time thread.

#pragma once

#include <filesystem>
#include <vector>

#include "dsp/frames.h"

namespace perigee::files {

/// What a file's header says.
struct SoundHeader {
  unsigned lanes = 1;
  Frames frames = 0;
  double rate = 48000;  ///< frames a second
  double seconds() const { return static_cast<double>(frames) / rate; }
};

struct SoundFile {
  double rate = 48000;
  std::vector<std::vector<float>> lanes;  ///< all of the same length
  std::size_t mended = 0;                 ///< samples that were NaN or infinite: they read as silence
  Frames frames() const { return lanes.empty() ? 0 : static_cast<Frames>(lanes[0].size()); }
};

/// Whether so much sound may be in memory: half of what there is, and never more than 4 GiB.
bool fits_memory(Frames frames, std::size_t lanes);

/// Both throw std::runtime_error, which names the file and what is wrong: missing, not a sound file, empty,
/// cut short. probe_sound reads the header only, so it does not see damage further on.
SoundHeader probe_sound(const std::filesystem::path& path);
SoundFile read_sound(const std::filesystem::path& path);

}  // namespace perigee::files
