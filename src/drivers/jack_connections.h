// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps ports connected to what matches a pattern, whenever ports come. What somebody disconnected by hand
// stays so until one of the two ports comes anew. Control thread only.

#pragma once

#include <jack/jack.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace perigee {

/// Our ports, the lanes of one input or output, and the pattern of their peers: a glob over full port names.
struct Wish {
  std::vector<std::string> ours;
  std::string pattern;
  bool is_input = false;
};

/// One port meets all peers; several meet them in pairs, in order. Pure.
std::vector<std::pair<std::string, std::string>> pairs(const std::vector<std::string>& ours,
                                                       const std::vector<std::string>& peers);

class JackConnections {
 public:
  void wish(std::vector<Wish> wishes) { wishes_ = std::move(wishes); }
  /// A port came, perhaps again: nobody has taken it apart from anything yet.
  void forget(const std::string& port);
  /// Connects what has come and matches, disconnects what was connected here and no longer matches.
  void renew(jack_client_t* client);

 private:
  std::vector<Wish> wishes_;
  std::set<std::pair<std::string, std::string>> made_;  ///< from, to
};

}  // namespace perigee
