// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A performance again, from its log (journal.h): bit by bit what was heard, given the same sound at its
// inputs. Offline, control thread.

#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "control/budget.h"
#include "control/destinations.h"
#include "control/editor.h"
#include "control/journal.h"
#include "control/performance_log.h"
#include "control/port_files.h"
#include "control/reporter.h"
#include "engine/engine.h"

namespace perigee {

class Replay {
 public:
  struct Options {
    std::vector<PortFile> outputs;
    std::vector<InputFile> inputs;  ///< frame 0 of each is that of the performance
  };
  /// Reads the log. Throws Misfit, with the line, when it is none. Its patches may take so much memory.
  explicit Replay(const std::filesystem::path& log, Bytes memory = usual_budget())
      : memory_(memory), log_(read_log(log, memory)) {
    engine_.guard(log_.limit);
  }

  double rate() const { return log_.rate; }
  Frames frames() const { return log_.end; }
  /// That the log breaks off, and where; or empty.
  const std::string& remark() const { return log_.remark; }

  /// Plays all of it into files, telling how far it has got. Throws Misfit, and what the files throw. False
  /// if it was interrupted (terminal/interruption.h): then the files are not complete.
  bool run(const Options& options, Reporter& reporter, const std::function<void(Frames done)>& progress);
  const std::vector<OutputFile>& outputs() const { return outputs_; }
  std::vector<OutputFile>& outputs() { return outputs_; }
  /// What its patches read.
  void tell(Destinations& destinations) const;

 private:
  [[noreturn]] void does_not_fit(Frames at, int line) const;
  void check_nothing_is_behind(Frames at) const;
  /// The next frame after which something happens between two periods.
  Frames boundary_after(Frames at) const;
  void edit(const PerformanceLog::Edit& edit);
  void take_on(const PerformanceLog::Edit& edit);
  void edit_at(Frames at, bool begun);
  void begin_at(Frames at, const Options& options);
  void play_at(Frames at);
  void send(const PerformanceLog::Sent& one, Frames at);
  const float* given(std::vector<float>& channel, Frames at, std::size_t frames);

  Bytes memory_;
  PerformanceLog log_;  ///< what is left of it

  Engine engine_;
  std::deque<std::unique_ptr<Program>> ready_;  ///< published, and to begin at its frame
  bool held_ = false;                           ///< what the editor would publish waited for its ports
  Editor editor_{engine_, [this](auto program, const auto&) { ready_.push_back(std::move(program)); },
                 [](Program&) {}, [this](const Program&) { return Readiness{.is_ready = !held_}; }};
  NodeNumbers nodes_;
  // Of the program that runs.
  std::vector<std::string> midi_;
  std::vector<InputFile> inputs_;  ///< at the rate of the performance
  std::vector<std::vector<float>> in_;
  std::vector<float> silence_;  ///< behind their ends
  unsigned out_channels_ = 0;
  std::vector<OutputFile> outputs_;
};

}  // namespace perigee
