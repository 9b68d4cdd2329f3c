// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The log of a performance: all that its sound depends on besides what comes in at its inputs, each with its
// frame, as lines of JSON. Replay (replay.h) makes the same sound of it. Patches are in it whole, so neither
// scripts nor Lua are needed for that. Control thread.
//
//   {"perigee log": 3, "rate": 48000, "guard": 100}  no guard: it was off
//   {"edit": patch, "now": frame, "begun": frame}    the editor takes a patch on, and sees this of the time;
//                                                    "held" if what it would publish now has no ports yet
//   {"attend": 1, "now": frame, "begun": frame}      … and publishes the next program
//   {"began": number, "at": frame}                   the audio thread takes a program
//   {"event": [node, parameter, …], "time": frame}   something is sent to a node; "era": number, in which
//   that is, and
//                                                    "held" if it waits for a clock to start (engine/event.h)
//   {"era ends": frame}                              what was sent in it is void from there on
//   {"took": count, "at": frame}                     the audio thread takes so many of these, or ends of eras
//   {"let go": era, "at": frame, "offset": frames}   a clock starts, so many frames into a period
//   {"broke off": era, "at": frame, "offset": frames}   it stops, or goes to another place
//   {"midi": port, "at": frame, "offset": frames, "message": […]}
//   {"end": frame}
//
// Texts are as exact_text() writes them (text/json_text.h): of any bytes, and read again to the byte.

#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "control/editor.h"
#include "engine/event.h"
#include "engine/report.h"
#include "files/replacement.h"

namespace perigee {

/// What logs of this version say. Those of version 1 knew no clocks, those of version 2 no ports that come
/// late.
inline constexpr int kLogVersion = 3;

/// Nodes have numbers in the order in which edits bring them.
class NodeNumbers {
 public:
  void know(std::span<const std::shared_ptr<Instance>> instances);
  /// Of a node that was brought; throws std::out_of_range.
  std::uint64_t of(const Instance* instance) const { return numbers_.at(instance); }
  std::uint64_t count() const { return nodes_.size(); }
  /// nullptr when it is gone.
  std::shared_ptr<Instance> at(std::uint64_t number) const { return nodes_.at(number).lock(); }

 private:
  std::vector<std::weak_ptr<Instance>> nodes_;
  std::map<const Instance*, std::uint64_t> numbers_;
};

class Journal {
 public:
  enum class Old : std::uint8_t { keep, replace };
  /// A file that is there is replaced once the first edit is written, or is not to be replaced: then Occupied
  /// is thrown, and SystemError if the file cannot be written. `limit` is that of Engine::guard.
  Journal(const std::filesystem::path& file, double rate, Old old = Old::replace,
          float limit = std::numeric_limits<float>::max());
  /// A log without an edit is gone.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Throws Occupied if the file is one of these, or one that the patch reads.
  void keep_off(const Patch& patch, const std::vector<std::filesystem::path>& scripts) const;

  void edited(const Editor& editor);
  void attended(const Editor& editor);
  /// After Engine::send.
  void sent(const Event& event);
  /// What the engine accounts for (Engine::account).
  void take(const Report& report);
  /// The last frame. Nothing is written after it.
  void end(Frames now);

  /// Writes what has come since the last time; call it now and then. False when that cannot be done any more:
  /// the disk is full, the file is gone. Then the log ends with its last whole line.
  bool flush();
  /// Why it could not be written any more; empty as long as it can.
  const std::string& trouble() const { return trouble_; }

 private:
  void write(const nlohmann::json& line, Frames reached);
  bool take_place();
  void give_up(const std::string& why);

  std::filesystem::path name_;
  Old old_;
  std::unique_ptr<files::Replacement> file_;
  std::string lines_;                        ///< not written yet
  std::int64_t size_ = 0;                    ///< of the file
  Frames reached_ = 0, complete_until_ = 0;  ///< by the last line; by the last that is written
  NodeNumbers nodes_;
  bool has_edit_ = false, placed_ = false, ended_ = false;
  std::string trouble_;
};

nlohmann::json record_of(const Message& message);
/// Throws std::runtime_error when it is none that MIDI has.
Message message_from(const nlohmann::json& record);

}  // namespace perigee
