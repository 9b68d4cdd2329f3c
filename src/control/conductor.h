// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Has the loops of the script that plays go on ahead of the sound, and its callbacks called, and sends what
// they ask for to the engine, stamped with its frame. Control thread only.

#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "control/timeline.h"
#include "engine/engine.h"
#include "script/script.h"

namespace perigee {

/// From what happens outside to what a script does about it: more than the control thread needs to hear of it
/// and Lua to answer, so that the time in between is always the same.
inline constexpr double kAnswerSeconds = 0.02;

class Conductor {
 public:
  /// Sends an event to the engine; false when its queue is full.
  using Send = std::function<bool(const Event&)>;

  Conductor(Engine& engine, double rate, Send send)
      : engine_(engine), send_event_(std::move(send)), rate_(rate) {}
  Conductor(Engine& engine, double rate)
      : Conductor(engine, rate, [&engine](const Event& event) { return engine.send(event); }) {}

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

  /// When something is to be answered that happened at a frame.
  Frames answer_to(Frames time) const { return time + static_cast<Frames>(kAnswerSeconds * rate_ + 0.5); }
  /// Something happened, and the script is to answer it at a frame. False when too much waits already.
  bool tell(Script& script, Occasion occasion, Frames time);
  /// The same, of what the engine heard, if the script has a function for it.
  bool hear(Script& script, const Report& report);

  /// Has happen what is due before a frame, for about so many seconds: then waiting() is true, and it is to
  /// be called again soon. Returns the mistakes of loops and callbacks that failed.
  std::vector<Mistake> play(Script& script, Frames until,
                            double seconds = std::numeric_limits<double>::infinity());
  bool waiting() const { return waiting_; }

  /// What is to be done outside by a frame.
  std::vector<Errand> take_errands(Frames until);
  bool has_errands() const { return !errands_.empty(); }

 private:
  struct Pending {
    Event event;
    std::weak_ptr<Instance> target;
  };

  void add(const Action& action, std::uint64_t script);
  void add(const Event& event, const std::weak_ptr<Instance>& target);
  void send(Frames until);

  Engine& engine_;
  Send send_event_;
  double rate_;
  std::optional<Timeline> timeline_;
  Frames played_until_ = 0;
  std::map<std::uint64_t, std::vector<std::weak_ptr<Instance>>>
      instances_;                                            ///< by script, and number of the node in it
  std::multimap<std::pair<Frames, bool>, Pending> pending_;  ///< by frame; what ends a note comes first
  std::multimap<Frames, std::shared_ptr<const Errand>> errands_;
  bool waiting_ = false;
};

}  // namespace perigee
