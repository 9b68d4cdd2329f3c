// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sound into a file, block by block, through libsndfile. Not for the real-time thread.

#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dsp/frames.h"

namespace perigee::files {

/// The format follows the file's ending: 32-bit float in .wav, .w64, .caf and .au; 24 bit in .aiff and .flac;
/// .ogg (Vorbis), .opus and .mp3. The same sound makes the same file, byte by byte. It is written beside its
/// place, and takes it when it is complete (replacement.h): until then a file that is there is as it was.
/// The constructor throws std::invalid_argument for an ending, rate or number of lanes that cannot be
/// written. All else throws std::runtime_error: a full disk, a folder that is not there. Both name the file
/// and what is wrong.
class SoundWriter {
 public:
  SoundWriter(const std::filesystem::path& path, double rate, unsigned lanes);
  ~SoundWriter();  ///< keeps, and says nothing of what goes wrong then

  /// Writes `frames` of every lane. What was written before a failure can be kept.
  void write(std::span<const float* const> lanes, Frames frames);
  /// There is no more to come. After this has returned, all of it is on its way to the disk.
  void complete();
  /// Completes the file, which takes its place.
  void close();
  /// Completes what there is of it, and does not take the place of another file: returns where it is, or
  /// nothing if there is no sound in it.
  std::optional<std::filesystem::path> keep();

  Frames frames() const;  ///< written so far

 private:
  struct File;
  std::unique_ptr<File> file_;
};

/// "wav, w64, …": the endings that can be written.
std::string writable_endings();

}  // namespace perigee::files
