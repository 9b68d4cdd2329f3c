// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MIDI learn: what code that was sent asks for by learn(), and the patch that comes of the controller that is
// turned then.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "control/learner.h"
#include "control/score.h"
#include "control/versions.h"
#include "engine/engine.h"
#include "script/script.h"

namespace perigee {

/// Control thread.
class MidiLearn {
 public:
  /// Plays another patch of the same script; with mistakes, nothing has changed.
  using Change = std::function<std::vector<Mistake>(Patch)>;

  MidiLearn(Engine& engine, Versions& versions, Change change, Score::Send send)
      : engine_(engine), versions_(versions), change_(std::move(change)), send_(std::move(send)) {}

  struct Answer {
    std::vector<Mistake> mistakes;
    std::optional<std::string> value = {};
    bool changed = false;  ///< another patch plays
  };
  Answer take(const Learning& asked);

  /// The engine is to be listened to.
  bool waits() const { return learner_.waits(); }
  /// What came at a MIDI port.
  void hear(const Report& report);
  /// What came of it, to be told: mistakes, and lines that are none.
  std::vector<Mistake> take_mistakes() { return std::exchange(mistakes_, {}); }
  std::vector<std::string> take_notices() { return std::exchange(notices_, {}); }

 private:
  std::string all_learned() const;
  void learn(const Controller& controller, const Message& turned);

  Engine& engine_;
  Versions& versions_;
  Change change_;
  Score::Send send_;
  Learner learner_;
  std::vector<Mistake> mistakes_;
  std::vector<std::string> notices_;
};

}  // namespace perigee
