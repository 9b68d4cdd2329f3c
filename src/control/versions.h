// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The version of a patch that plays, those before it and those that were undone, and the way from one to the
// next, which nobody hears.

#pragma once

#include <deque>
#include <string>

#include "control/editor.h"
#include "control/journal.h"
#include "control/version.h"
#include "drivers/driver.h"

namespace perigee {

/// Control thread.
class Versions {
 public:
  /// `name`: whose mistake it is when the driver has no room.
  Versions(Engine& engine, Driver& driver, std::string name);

  /// Taken last: the editor may still be on its way there. nullptr: nothing plays.
  const Version& playing() const { return playing_; }
  /// Plays it, and remembers what was before. With mistakes, nothing has changed; that the driver has no room
  /// for the patch's ports is one. Where it has not even room for those of the first, SystemError is thrown.
  std::vector<Mistake> play(const Version& version);
  /// What plays is the same patch under other names.
  void rename(Version version) { playing_ = std::move(version); }
  /// The engine runs at another rate: all is to be played anew.
  void restart() { editor_.restart(); }
  /// As play(), but what was before is no version to go back to.
  std::vector<Mistake> replay(const Version& version) { return take(version); }
  /// There is nothing to go back or forth to any more.
  void forget() { before_.clear(), after_.clear(); }
  /// Nothing plays.
  void drop() { playing_.reset(); }
  /// Back to what was before, and forth again. False when there is nothing, or the driver has no room for it.
  bool undo() { return go(before_, after_); }
  bool redo() { return go(after_, before_); }

  /// What the last way led over: "kept 14, new 1, gone 2"; and, line by line, which.
  const std::string& summary() const { return summary_; }
  const std::string& details() const { return details_; }
  void forget_summary() { summary_.clear(), details_.clear(); }

  /// If a port has been refused that what waits to play needs: back to what is heard. Returns why; nothing
  /// where there was no need.
  std::vector<Mistake> take_back();

  /// Moves on what is under way; true while it is.
  bool attend();
  Editor& editor() { return editor_; }

  /// From now on edits are logged there, until there is another one or none.
  void log(Journal* journal) { journal_ = journal; }

 private:
  std::vector<Mistake> take(const Version& version);
  bool go(std::deque<Version>& from, std::deque<Version>& to);

  Driver& driver_;
  std::string name_;
  unsigned published_ = 0;  ///< programs
  std::string leader_;      ///< the MIDI port whose clock leads in the last of them, or ""
  Editor editor_;
  Journal* journal_ = nullptr;
  Version playing_;
  std::deque<Version> before_, after_;  ///< to go back and forth to
  std::string summary_, details_;
};

}  // namespace perigee
