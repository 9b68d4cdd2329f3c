// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A script that plays, and goes on playing while its file is saved.

#pragma once

#include <filesystem>

#include "control/clock_source.h"
#include "control/conductor.h"
#include "control/journal.h"
#include "control/load.h"
#include "control/midi_learn.h"
#include "control/osc_sender.h"
#include "control/second_look.h"
#include "control/versions.h"
#include "control/watch.h"
#include "drivers/driver.h"

namespace perigee {

/// Control thread.
class LivePatch {
 public:
  LivePatch(Engine& engine, Driver& driver, std::filesystem::path script, const LoadOptions& options);

  /// Loads the file, and leads what plays over to it. A save with a mistake changes nothing: not the sound,
  /// not `state`. Returns the mistakes; that the driver has no room for the patch's ports is one. Where it
  /// has not even any for the first patch's, SystemError may be thrown. Ports may take a while: then what
  /// played before goes on until they are there.
  ///
  /// With `watched`, what has been read of files that are being written again is not taken: then nothing has
  /// changed, summary() is empty, and watch() will tell when they are saved.
  std::vector<Mistake> save(bool watched = false);
  /// The same without waiting: attend_load() is to be called when woken, which happens on another thread, and
  /// at due() at the latest, until it has a result. Meanwhile there is nothing else to be asked for.
  void start_save(bool watched, std::function<void()> wake);
  std::optional<std::vector<Mistake>> attend_load();
  /// What may be half a save, see SecondLook, is not taken either, unless nothing plays or save() is called:
  /// then it is to be loaded again when this says so. To be asked every few milliseconds.
  bool wants_second_look();
  /// What is being loaded has been saved again, and is not taken; as with files that are being written.
  void outdate() { outdated_ = true; }
  std::chrono::steady_clock::time_point due() const { return lua_.due(); }

  /// What code that was sent came to.
  struct Sent {
    std::vector<Mistake> mistakes;  ///< with one, nothing has changed
    bool incomplete = false;        ///< it would be understood if it went on
    std::optional<std::string> value = {};
    std::string summary = {};  ///< of how the patch changed, if it did
  };
  /// Runs code in the state of the script that plays, without waiting, as start_save() does: it adds to the
  /// patch and redefines.
  void start_run(const Code& code, std::function<void()> wake);
  std::optional<Sent> attend_run();
  /// How the end of a text may go on.
  std::vector<std::string> completions(std::string_view text) { return lua_.completions(text); }

  /// What the last save did: "kept 14, new 1, gone 2"; and, line by line, which.
  const std::string& summary() const { return versions_.summary(); }
  const std::string& details() const { return versions_.details(); }
  /// The driver runs at another rate, Hz: everything is built anew. If the file has a mistake now, what
  /// played is built, without it.
  std::vector<Mistake> change_rate(double rate);

  /// Back to the patch before the last save, and forth again; 100 deep, or less deep when all the patches
  /// together would have more than 500,000 nodes. False when there is none, or the driver has no room for its
  /// ports.
  bool undo();
  bool redo();

  /// What happened that is no mistake, and is to be told: one line each.
  std::vector<std::string> take_notices();

  /// Has loops go on that are due within this time, seconds ahead of the sound. Returns the mistakes of those
  /// that failed. To be called more often than that.
  std::vector<Mistake> play(double ahead);

  /// Its clock is another's, who may start, stop or move it at any time: play() is to be called every few
  /// milliseconds.
  bool follows_clock() const { return conductor_.follows(); }

  /// Moves on what is under way; call it every few milliseconds while it returns true.
  bool attend();

  /// Something happened that the script may have a function for, which is called at a frame; 0: in
  /// kAnswerSeconds. False if there is none.
  bool tell(Occasion occasion, Frames time = 0);
  /// What the engine accounts for; of a message that was heard the script may want to know.
  void hear(const Report& report);
  /// An event for a node of what plays; false when the queue is full.
  bool send(const Event& event);
  /// From the first save on, keeps a log of all that the sound depends on. It outlives this.
  void log(Journal& journal);
  Watch& watch() { return watch_; }
  Editor& editor() { return versions_.editor(); }

 private:
  std::uint64_t start_loops();
  void set(const std::vector<Action>& sets, std::uint64_t script);
  void carry_out(const std::vector<Errand>& errands);
  void end_log(std::string_view why);
  std::vector<Mistake> take_save(Loaded result, bool doubts);
  bool put_off(const LoadedPatch& loaded, bool doubts);
  Sent take_run(Loaded result);
  std::vector<Mistake> change(Patch patch);
  bool go_to_moment();
  void take_back();
  const Version& playing() const { return versions_.playing(); }

  Driver& driver_;
  std::filesystem::path path_;
  Versions versions_;
  LoadOptions options_;
  Threading threading_;
  Script lua_;
  Engine& engine_;
  Conductor conductor_;
  ClockSource clock_;
  OscSender osc_;
  MidiLearn midi_learn_;
  Journal* journal_ = nullptr;
  std::vector<Mistake> mistakes_;  ///< to be told
  unsigned dropped_ = 0;           ///< occasions for which there was no room
  double tempo_ = 0;               ///< that the patch says
  Watch watch_;
  std::vector<std::filesystem::path> files_;  ///< of what plays
  bool as_saved_ = true;                      ///< nothing was sent since
  bool watched_ = false, outdated_ = false;   ///< the load under way
  SecondLook second_look_;
  std::vector<std::string> notices_;
  int put_off_ = 0;  ///< saves in a row that came too early
};

}  // namespace perigee
