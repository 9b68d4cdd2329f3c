// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ports of all programs, and the wires between them. Control thread only.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "patch/wire_order.h"

namespace perigee {

/// By their full names: from an output to an input.
using PortWire = std::pair<std::string, std::string>;

class Patchbay {
 public:
  struct Port {
    std::string name;  ///< full: client and port
    bool is_output = false;
    bool is_midi = false;
    bool is_ours = false;
  };
  enum class Connected { now, before, not_at_all };

  Patchbay() = default;
  Patchbay(const Patchbay&) = delete;
  Patchbay& operator=(const Patchbay&) = delete;
  virtual ~Patchbay() = default;

  /// Those of one direction and type are in the server's order.
  virtual std::vector<Port> ports() const = 0;
  virtual bool has(const std::string& port) const = 0;
  virtual Connected connect(const PortWire& wire) = 0;
  /// False if they were not connected.
  virtual bool disconnect(const PortWire& wire) = 0;
};

/// Whether a port's full name matches a pattern, as a shell has them. A name that holds [ ] itself, as those
/// of ALSA's MIDI ports do, matches itself.
bool matches(const std::string& pattern, const std::string& name);

/// Returns why it cannot be done, or nothing.
std::string carry_out(const WireOrder& order, Patchbay& patchbay);

}  // namespace perigee
