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
#include <optional>
#include <string>
#include <vector>

#include "control/destinations.h"
#include "control/editor.h"
#include "control/journal.h"
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
  /// Reads the log. Throws Misfit, with the line, when it is none.
  explicit Replay(const std::filesystem::path& log);

  double rate() const { return rate_; }
  Frames frames() const { return end_; }

  /// Plays all of it into files, telling how far it has got. Throws Misfit, and what the files throw. False
  /// if it was interrupted (terminal/interruption.h): then the files are not complete.
  bool run(const Options& options, Reporter& reporter, const std::function<void(Frames done)>& progress);
  const std::vector<OutputFile>& outputs() const { return outputs_; }
  std::vector<OutputFile>& outputs() { return outputs_; }
  /// What its patches read.
  void tell(Destinations& destinations) const;

 private:
  /// The editor takes a patch on, or attends to what is under way.
  struct Edit {
    Editor::Seen seen;
    std::optional<Patch> patch;
  };
  struct Sent {
    std::optional<std::uint64_t> node;  ///< none: an era ends
    Event event;
  };
  /// A clock starts, or stops or goes elsewhere.
  struct Clock {
    Frames period = 0;  ///< in which it did: its first frame
    int offset = 0;
    std::uint32_t era = 0;
    bool starts = false;
  };
  struct Heard {
    Frames period = 0;  ///< in which it came: its first frame
    int offset = 0;
    std::string port;
    Message message;
  };
  struct Count {
    Frames at = 0;
    unsigned count = 0;
  };

  void read(const std::string& line);
  /// The next frame after which something happens between two periods.
  Frames boundary_after(Frames at) const;
  void edit(const Edit& edit);
  void edit_at(Frames at, bool begun);
  void begin_at(Frames at, const Options& options);
  void play_at(Frames at);

  double rate_ = 0;
  Frames end_ = 0;
  std::deque<Edit> edits_;
  std::deque<Count> begun_, taken_;
  std::deque<Sent> sent_;
  std::deque<Heard> heard_;
  std::deque<Clock> clock_;

  Engine engine_;
  std::deque<std::unique_ptr<Program>> ready_;  ///< published, and to begin at its frame
  bool held_ = false;                           ///< what the editor would publish waited for its ports
  Editor editor_{engine_, [this](auto program, const auto&) { ready_.push_back(std::move(program)); },
                 [](Program&) {}, [this](const Program&) { return Readiness{.is_ready = !held_}; }};
  NodeNumbers nodes_;
  // Of the program that runs.
  std::vector<std::string> midi_;
  std::vector<std::vector<float>> in_;
  unsigned out_channels_ = 0;
  std::vector<OutputFile> outputs_;
};

}  // namespace perigee
