// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the loops of a script that plays ask for, each at its own time.

#pragma once

#include <cstdint>
#include <vector>

#include "node/message.h"
#include "patch/patch.h"

namespace perigee {

struct Action {
  enum class What {
    set,    ///< a parameter of a node
    tell,   ///< a node takes a message
    tempo,  ///< `value` beats a minute from now on
  };
  What what = What::set;
  double beat = 0;        ///< of the patch's clock, from 0
  NodeId node = kNoNode;  ///< of the patch that the script described
  unsigned param = 0;
  double value = 0;
  double over = 0;  ///< seconds that a set takes; below 0: as an edited literal does
  bool exponential = false;
  Message message = {};
};

/// What came of it that a loop went on.
struct Played {
  std::uint64_t script = 0;  ///< whose nodes the actions are about: see Script::keep
  std::vector<Action> actions;
  std::vector<Mistake> mistakes;
};

}  // namespace perigee
