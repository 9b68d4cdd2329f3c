// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Has the loops of the script that plays go on ahead of the sound, and sends what they ask for to the engine,
// stamped with its frame. Control thread only.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "control/timeline.h"
#include "engine/engine.h"
#include "script/script.h"

namespace perigee {

class Conductor {
 public:
  Conductor(Engine& engine, double rate) : engine_(engine), rate_(rate) {}

  /// Beat 0 of the clock is at a frame of engine time. Again: for another rate.
  void start(Frames origin, double tempo) { timeline_.emplace(rate_, origin, tempo); }
  bool started() const { return timeline_.has_value(); }
  /// The engine runs at another rate, Hz; its time goes on.
  void set_rate(double rate);
  /// From now on, as far as loops have not been played already.
  void set_tempo(double tempo);
  /// Up to here loops have been played.
  double beat() const { return timeline_ ? timeline_->beat_of(played_until_) : 0; }

  /// Which instances the nodes of a script are, by the number that Script::start_loops gave; the moment
  /// belongs to the patch whose instances they are.
  void know(std::uint64_t script, const Moment& moment, std::span<const std::shared_ptr<Instance>> instances);

  /// Ends all notes, and drops what is still to come.
  void hush();

  /// Has happen what is due before a frame. Returns the mistakes of loops that failed.
  std::vector<Mistake> play(Script& script, Frames until);

 private:
  struct Pending {
    Event event;
    std::weak_ptr<Instance> target;
  };

  void add(const Action& action, std::uint64_t script);
  void add(const Event& event, const std::weak_ptr<Instance>& target);
  void send(Frames until);

  Engine& engine_;
  double rate_;
  std::optional<Timeline> timeline_;
  Frames played_until_ = 0;
  std::map<std::uint64_t, std::vector<std::weak_ptr<Instance>>>
      instances_;                                            ///< by script, and number of the node in it
  std::multimap<std::pair<Frames, bool>, Pending> pending_;  ///< by frame; what ends a note comes first
};

}  // namespace perigee
