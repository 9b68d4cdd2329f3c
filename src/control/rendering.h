// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A patch played from files into files, as fast as it goes. Control thread only.

#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "control/conductor.h"
#include "control/load.h"
#include "control/port_files.h"
#include "control/reporter.h"
#include "drivers/offline.h"
#include "drivers/worker_threads.h"
#include "engine/engine.h"

namespace perigee {

class Rendering {
 public:
  struct Options {
    std::vector<PortFile> outputs;
    double seconds = 0;                               ///< 0: as long as the longest input; without one, 10 s
    bool raw = false;                                 ///< keep the patch's latency at the start of the files
    std::vector<PortFile> midi = {};                  ///< what is played at MIDI ports
    float limit = std::numeric_limits<float>::max();  ///< Engine::guard
  };

  /// Of a patch without mistakes. Opens the files. Throws Misfit, and what SoundWriter throws.
  Rendering(LoadedPatch patch, const std::vector<InputFile>& inputs, const Options& options);

  double rate() const { return rate_; }
  Frames frames() const { return wanted_; }  ///< in each file
  Frames all() const { return all_; }        ///< the same and the latency that is left out
  const std::vector<OutputFile>& outputs() const { return outputs_; }
  const std::vector<MidiTrack>& midi() const { return midi_; }
  std::vector<OutputFile>& outputs() { return outputs_; }

  /// Plays all of it, telling after each period how far it has got, or until it is interrupted
  /// (terminal/interruption.h). Throws what the files throw.
  void run(const Periods& periods, Reporter& reporter, const std::function<void(Frames done)>& progress);
  /// Of loops that failed so far.
  const std::vector<Mistake>& mistakes() const { return mistakes_; }
  /// Completes the files, and only then replaces those that were there.
  void close();

 private:
  void report(Reporter& reporter);

  void prepare(Frames at, int frames);

  double rate_;
  std::vector<std::vector<float>> in_;
  std::vector<MidiTrack> midi_;
  unsigned out_channels_;
  std::vector<OutputFile> outputs_;
  Frames wanted_ = 0, all_ = 0;
  Engine engine_;
  std::shared_ptr<Script> loops_;
  Conductor conductor_;
  std::vector<Mistake> mistakes_;
  WorkerThreads workers_;
};

}  // namespace perigee
