// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Has the loops of the script that plays go on ahead of the sound, and its callbacks called, and sends what
// they ask for to the engine, stamped with its frame. While the clock stands, what will be due when it starts
// waits in the engine, and callbacks are answered all the same. Control thread only.

#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "control/score.h"
#include "control/transport.h"
#include "engine/engine.h"
#include "script/script.h"

namespace perigee {

/// From what happens outside to what a script does about it: more than the control thread needs to hear of it
/// and Lua to answer, so that the time in between is always the same.
inline constexpr double kAnswerSeconds = 0.02;

class Conductor {
 public:
  Conductor(Engine& engine, double rate, Score::Send send)
      : engine_(engine), rate_(rate), transport_(rate), score_(engine, std::move(send)) {}
  Conductor(Engine& engine, double rate)
      : Conductor(engine, rate, [&engine](const Event& event) { return engine.send(event); }) {}

  /// The clock is the patch's own. Beat 0 is at a frame of engine time, unless there is a clock already: then
  /// it goes on from where it is, at that frame if it stands. Again: for another rate.
  void start(Frames origin, double tempo);
  bool started() const { return started_; }
  /// The clock is the transport that hear() tells of. `leads`: at the patch's own tempo.
  void follow(double tempo, bool leads);
  bool follows() const { return transport_.follows(); }
  /// Something about the transport has changed. What is sent ahead is sent again where that moves it.
  void hear(const TransportPosition& position);
  /// The number of the last position that was heard, once all that is due when the transport starts there
  /// waits in the engine; else 0.
  std::uint32_t ready() const;

  /// The engine runs at another rate, Hz; its time goes on.
  void set_rate(double rate);
  /// From now on, as far as loops have not been played already.
  void set_tempo(double tempo);
  /// Up to here loops have been played.
  double beat() const { return started_ ? transport_.timeline().beat_of(played_until_) : 0; }
  /// Loops have been changed. While the clock stands, all of them begin anew where that is.
  void renew();

  /// A change of tempo, for who leads a transport.
  struct TempoChange {
    double frame;  ///< the transport's
    double beat;
    double tempo;
  };
  /// Since the last call.
  std::vector<TempoChange> tempo_changes() { return std::exchange(tempo_changes_, {}); }

  /// Which instances the nodes of a script are, by the number that Script::start_loops gave; the moment
  /// belongs to the patch whose instances they are.
  void know(std::uint64_t script, const Moment& moment, std::span<const std::shared_ptr<Instance>> instances);

  /// Of scripts that play no more, only those count of which something may still be on its way.
  void forget_scripts(const Script& script);

  /// A number is set at once, whatever the clock does.
  void set(const Action& action, std::uint64_t script);

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
  /// Loops are late by so many frames, and have been played as far as another.
  void look_after(Script& script, Frames late, Frames played, std::vector<Mistake>& mistakes);
  void add(const Action& action, std::uint64_t script);
  std::weak_ptr<Instance> target_of(const Action& action, std::uint64_t script) const;
  Event event_of(const Action& action, const Instance& instance) const;  ///< without a time
  void start_loops_at(Frames frame);
  void drop(Frames at);
  Frames next_answer();

  Engine& engine_;
  double rate_;
  Transport transport_;
  Score score_;
  bool started_ = false;
  Frames played_until_ = 0;
  std::map<std::uint64_t, std::vector<std::weak_ptr<Instance>>>
      instances_;                      ///< by script, and number of the node in it
  std::optional<double> loops_start_;  ///< they are to begin anew from this beat on
  std::vector<TempoChange> tempo_changes_;
  TransportPosition heard_;
  std::deque<Frames> answers_due_;                                ///< while the clock stands
  std::optional<Frames> answered_at_;                             ///< what is being added is such an answer
  std::multimap<double, std::shared_ptr<const Errand>> errands_;  ///< by beat
  bool waiting_ = false;
  /// Since when loops are late.
  struct Lag {
    Frames late, played;
  };
  std::optional<Lag> lag_;
  bool is_full_ = false;  ///< more is still to come than there is room for
};

}  // namespace perigee
