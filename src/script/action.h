// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the loops and callbacks of a script that plays ask for, each at its own time.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "node/message.h"
#include "patch/patch.h"
#include "patch/wire_order.h"

namespace perigee {

/// What Lua tells others, and is told by them.
using PlainValue = std::variant<bool, double, std::string>;

/// A message of OSC for another program.
struct OscSending {
  std::string to;  ///< [host:]port
  std::string path;
  std::vector<PlainValue> values;
  Place where;
  bool operator==(const OscSending&) const = default;
};

/// What is done outside the engine, by the control thread, once the engine has got so far.
using Errand = std::variant<WireOrder, OscSending>;

struct Action {
  enum class What {
    set,     ///< a parameter of a node
    tell,    ///< a node takes a message
    tempo,   ///< `value` beats a minute from now on
    errand,  ///< something outside
  };
  What what = What::set;
  double beat = 0;        ///< of the patch's clock
  double after = 0;       ///< of what ends a note: beats since that began
  NodeId node = kNoNode;  ///< of the patch that the script described
  unsigned param = 0;
  double value = 0;
  double over = 0;  ///< seconds that a set takes; below 0: as an edited literal does
  bool exponential = false;
  Message message = {};
  std::shared_ptr<const Errand> errand = {};
};

/// Something that happened outside: by its name a script finds the function that is to be called for it.
struct Occasion {
  std::string name;  ///< "midi keys note", "osc /path", "jack port"
  std::vector<PlainValue> values;
};

/// What came of it that a loop or callback went on.
struct Played {
  std::uint64_t script = 0;  ///< whose nodes the actions are about: see Script::keep
  bool answers = false;      ///< a callback was called
  std::vector<Action> actions;
  std::vector<Mistake> mistakes;
};

}  // namespace perigee
