// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps ports connected to what matches patterns, whenever ports come: our own, and by routes those of all
// programs. What somebody disconnected by hand stays so until one of the two ports comes anew, or the line
// that asks for it is another. What somebody connected by hand is never taken apart. Control thread only.

#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "drivers/patchbay.h"
#include "patch/patch.h"

namespace perigee {

/// Our ports, the lanes of one input or output, and the pattern of their peers: a glob over full port names.
struct Wish {
  std::vector<std::string> ours;
  std::string pattern;
  bool is_input = false;
  bool midi = false;  ///< and so are the peers
  bool operator<(const Wish& other) const {
    return std::tie(ours, pattern, is_input, midi) <
           std::tie(other.ours, other.pattern, other.is_input, other.midi);
  }
};

/// What a wish or a route comes to with these ports. One of our ports meets all peers; several meet them in
/// pairs, in order. If one port matches on either side of a route, it meets all on the other; several meet in
/// pairs as well. Audio meets audio, MIDI meets MIDI. Pure.
std::vector<PortWire> wires_of(const Wish& wish, std::span<const Patchbay::Port> ports);
std::vector<PortWire> wires_of(const Route& route, std::span<const Patchbay::Port> ports);

class Connections {
 public:
  // What is wanted from now on; renew() comes after.
  void wish(const std::vector<Wish>& wishes);
  void route(const std::set<Route>& routes);

  // What the server tells.

  /// A port came, perhaps again: nobody has taken it apart from anything yet.
  void came(const std::string& port);
  /// Ports went, and with them what we knew of their wires.
  void went(const Patchbay& patchbay);
  /// Two ports are no longer connected.
  void parted(const PortWire& wire);

  /// Connects what has come and matches, disconnects what was connected here and is no longer wanted.
  void renew(Patchbay& patchbay);

 private:
  /// Of a wire that was wanted and seen to.
  struct Known {
    bool is_ours = false;  ///< connected here, and not parted since
    bool again = false;    ///< to be seen to again
  };

  std::map<Wish, bool> wishes_;  ///< true: since the last renew()
  std::map<Route, bool> routes_;
  std::map<PortWire, Known> known_;
  std::multiset<PortWire> parting_;  ///< disconnected here: the server will tell
};

}  // namespace perigee
