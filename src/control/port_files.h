// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sound files in place of the world outside a patch. Not for the real-time thread.

#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/program.h"
#include "files/loudness.h"
#include "files/midi_file.h"
#include "files/sound_file.h"
#include "files/sound_writer.h"

namespace perigee {

/// A file and the name of the port that it belongs to. Without a name: "main" for an output, else the only
/// port.
struct PortFile {
  std::string port, file;
};

/// A file cannot be read or does not fit the patch. Says what would.
struct Misfit : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct InputFile {
  PortFile place;
  files::SoundFile sound;
};

/// Throws Misfit.
InputFile read_input(const PortFile& place);

/// A MIDI file and the port of a program that it is played at.
struct MidiTrack {
  unsigned port = 0;
  std::vector<files::TimedMessage> messages;
  std::span<const files::TimedMessage> left;  ///< not played yet
  std::vector<std::string> remarks;           ///< files::MidiFile::remarks

  /// To the last message, and a second for what it leaves sounding.
  Frames frames(double rate) const;
};

/// At the program's rate. Without a port's name: the only one. Throws Misfit.
MidiTrack read_midi(const PortFile& place, const Program& program);

/// The same sounds at a rate, Hz. Throws Misfit.
std::vector<InputFile> resampled(std::vector<InputFile> files, double rate);

/// The channels of the program's inputs, at its rate. One lane feeds all lanes of its port. Throws Misfit.
std::vector<std::vector<float>> channels_from(const std::vector<InputFile>& files, const Program& program);

/// One file being written, from one output port.
class OutputFile {
 public:
  /// Throws Misfit, and what SoundWriter throws.
  OutputFile(const PortFile& place, const Program& program);
  /// The file begins with this frame of the sound; before anything is taken.
  void start_at(Frames frame) { start_ = frame; }

  /// From now on another program plays. As long as it has no port of this name, with as many lanes, there is
  /// silence.
  void follow(const Program& program);

  /// Takes the next period, which starts at frame `at`, of all channels of the program's outputs, up to a
  /// length of `wanted` frames. Throws what SoundWriter throws.
  void take(std::span<const float* const> channels, Frames at, int frames, Frames wanted);
  /// There is no more to come.
  void complete() { writer_->complete(); }
  /// The file takes its place. Of several, none is replaced before all are complete.
  void close() { writer_->close(); }
  /// Of a rendering that breaks off: see SoundWriter.
  std::optional<std::filesystem::path> keep() { return writer_->keep(); }
  Frames frames() const { return writer_->frames(); }  ///< in the file so far

  const std::string& file() const { return file_; }
  const PortBinding& port() const { return port_; }
  Frames start() const { return start_; }
  const files::Loudness& loudness() const { return *loudness_; }

 private:
  PortBinding port_;
  std::string file_;
  Frames start_ = 0;
  bool there_ = true;  ///< the program has the port
  std::unique_ptr<files::SoundWriter> writer_;
  std::unique_ptr<files::Loudness> loudness_;
};

}  // namespace perigee
