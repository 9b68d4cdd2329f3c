// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many ports a JACK server has room for. It does not say so, and one that is full refuses a port to
// whoever comes next: so what a program wants is counted before any of it is registered, against what is
// known to go well, with something left for others. Pure.

#pragma once

#include <set>
#include <span>
#include <string>

#include "drivers/patchbay.h"

namespace perigee {

class JackRoom {
 public:
  /// For a client of this name at a server that has these ports.
  JackRoom(std::string client, std::span<const Patchbay::Port> ports);

  /// We have a port, or have asked for it.
  void take(bool is_output);
  /// One of the lanes of a port of the patch needs a port of its own. Throws NoRoom.
  void want(const std::string& of, const std::string& name, bool is_output, unsigned lanes);

  unsigned left(bool is_output) const;

 private:
  std::string client_;
  unsigned all_;         ///< that the server has in all
  unsigned taken_ = 0;   ///< by anybody
  unsigned ours_[2]{};   ///< inputs, outputs
  unsigned before_ = 0;  ///< room for the port of the patch that wants now, …
  std::string of_;       ///< … which is this
  std::set<std::string> wanted_;
};

/// What is told of a port that the server refuses.
std::string refusal(const std::string& port);

}  // namespace perigee
