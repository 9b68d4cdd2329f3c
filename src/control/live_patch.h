// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A script that plays, and goes on playing while its file is saved.

#pragma once

#include <deque>
#include <filesystem>

#include "control/editor.h"
#include "control/load.h"
#include "control/version.h"
#include "control/watch.h"
#include "drivers/driver.h"

namespace perigee {

/// Control thread.
class LivePatch {
 public:
  LivePatch(Engine& engine, Driver& driver, std::filesystem::path script, const LoadOptions& options);

  /// Loads the file, and leads what plays over to it. A save with a mistake changes nothing: not the sound,
  /// not `state`. Returns the mistakes; that the driver has no room for the patch's ports is one, unless
  /// nothing plays yet: then SystemError is thrown.
  ///
  /// With `watched`, what has been read of files that are being written again is not taken: then nothing has
  /// changed, summary() is empty, and watch() will tell when they are saved.
  std::vector<Mistake> save(bool watched = false);
  /// What the last save did: "kept 14, new 1, gone 2"; and, line by line, which.
  const std::string& summary() const { return summary_; }
  const std::string& details() const { return details_; }
  /// The driver runs at another rate, Hz: everything is built anew. If the file has a mistake now, what
  /// played is built, without it.
  std::vector<Mistake> change_rate(double rate);

  /// Back to the patch before the last save, and forth again; 100 deep, or less deep when all the patches
  /// together would have more than 500,000 nodes. False when there is none, or the driver has no room for its
  /// ports.
  bool undo();
  bool redo();

  /// Moves on what is under way; call it every few milliseconds while it returns true.
  bool attend() { return editor_.attend(); }
  Watch& watch() { return watch_; }
  Editor& editor() { return editor_; }

 private:
  /// Plays it. With mistakes, nothing has changed.
  std::vector<Mistake> take(const Version& version);
  bool go(std::deque<Version>& from, std::deque<Version>& to);

  Driver& driver_;
  Editor editor_;
  std::filesystem::path path_;
  LoadOptions options_;
  Threading threading_;
  Script lua_;
  Watch watch_;
  std::vector<std::filesystem::path> files_;  ///< of what plays
  Version playing_;                           ///< taken last: the editor may still be on its way there
  int put_off_ = 0;                           ///< saves in a row that came too early
  std::deque<Version> before_, after_;        ///< to go back and forth to
  std::string summary_, details_;
};

}  // namespace perigee
