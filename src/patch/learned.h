// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MIDI learn: controllers that a hand gave to a param while the patch played. Each is a node of the kind `cc`
// behind all others, with a pin that says whose it is.
//
// Scripts know nothing of them. They outlive a save, unless it gives the param another controller than it
// gave it before.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "patch/patch.h"

namespace perigee {

/// What is turned, as the kind `cc` has it.
struct Controller {
  std::string port;      ///< by its name in the patch
  unsigned number = 0;   ///< 0 … 127; of an NRPN 0 … 16383
  std::string kind;      ///< "7 bit", "14 bit", "nrpn"
  unsigned channel = 0;  ///< 1 … 16; 0: all
  bool operator==(const Controller&) const = default;
};

/// As a script would write it: keys:cc(74, { channel = 2 }).
std::string to_string(const Controller& controller);

struct Learned {
  std::string param;  ///< the global that holds it
  Controller controller;
  std::optional<Controller> instead;  ///< of that which the script gave it
};

/// Whether a node is a param, which may have a controller.
bool can_learn(const PatchNode& node);

/// The patch with a controller for one of its params. Without such a param or port, as it was.
Patch learn(Patch patch, const std::string& param, const Controller& controller);
/// Without it, and with that which the script gave it.
Patch forget(Patch patch, const std::string& param);

/// All that a patch has learned; and another version of it with the same, as far as its script leaves room.
std::vector<Learned> learned_in(const Patch& patch);
Patch with_learned(Patch patch, const std::vector<Learned>& all);

/// Where a wire to a learned controller went before: to that which the script gave, or nowhere.
Source wire_of_script(const Patch& patch, const Source& wire);

/// Where in the patch the learned controller of a param is.
std::optional<NodeId> find_learned(const Patch& patch, const std::string& param);

}  // namespace perigee
