// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The states whose loops and callbacks run: that of the script that plays, and those before it until their
// last turns have ended.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "dsp/frames.h"
#include "script/action.h"
#include "script/pace.h"

namespace perigee {

struct LuaLoop;
class Session;
class Watchdog;

/// Control thread, save for what runs on the scripts' own.
class Playing {
 public:
  /// The loops of a state set out, unless they are under way: at the first of their turns that is not before
  /// the beat, or where the loop of their name would start its next one, which they take over from. All
  /// others of before run no more. Returns the number by which play() tells whose nodes it is about.
  std::uint64_t start(const std::shared_ptr<Watchdog>& state, double beat);

  /// All loops that run begin anew at the first of their turns that is not before the beat; those that others
  /// take over from run no more, nor do calls that wait. What has happened is answered there. False, and
  /// nothing has happened, while a state is busy with something else.
  bool restart(const Watchdog* busy, double beat);

  /// Whether loops or callbacks of the state with that number may still go on.
  bool has(std::uint64_t number) const;
  /// A state that was given up.
  void forget(const std::shared_ptr<Watchdog>& state);
  /// No loop runs any more, no call that waits goes on, and what has happened is forgotten.
  void stop();
  /// What loops and callbacks have cost since forget_costs(), in seconds of processors.
  double costs(const Watchdog* busy) const;
  void forget_costs(const Watchdog* busy);
  /// Those that cost most are stopped, so many that what is left costs no more than a part.
  std::vector<Mistake> stop_costly(const Watchdog* busy, double part);
  /// Something has happened, and is to be answered at a beat by the state of the script that plays then.
  /// False when too much waits already.
  bool tell(Occasion occasion, double beat);
  /// The beat at which a loop or call goes on next, or infinity. A state that is busy with something else is
  /// left out.
  double next_beat(const Watchdog* busy) const;
  /// Has go on what is due first, for at most so many seconds; `frame` is where the clock has the beat of
  /// that, or nothing where beats are all that there is. A state that could not be stopped is given up: then
  /// `lost` is that. What goes on and on within one frame is stopped, also if it takes many tasks to hold
  /// time up.
  Played play(const Watchdog* busy, std::optional<Frames> frame, double seconds,
              std::shared_ptr<Watchdog>& lost);

 private:
  struct State {
    std::uint64_t number = 0;
    std::shared_ptr<Watchdog> watchdog;
  };

  using Work = std::function<void(Session&, Played&)>;
  bool answers(const Watchdog* busy) const {
    return !states_.empty() && states_.back().watchdog.get() != busy;
  }
  /// A loop to go back to.
  struct Kept {
    std::shared_ptr<Watchdog> state;
    LuaLoop* loop = nullptr;
  };
  Kept kept(const LuaLoop& loop) const;
  void release(const LuaLoop& loop);
  void settle(const LuaLoop& loop, double beat);
  Played play_due(double due, const Watchdog* busy, double seconds, std::shared_ptr<Watchdog>& lost);
  void thin_out(Crowd::Excess excess, const Watchdog* busy, std::vector<Mistake>& mistakes);
  Played play_loop(const State& state, std::size_t index, const Watchdog* busy, double seconds,
                   std::shared_ptr<Watchdog>& lost);
  Played run(const State& state, const Work& work, double seconds, std::shared_ptr<Watchdog>& lost);
  void hand_over_to(Session& session, std::size_t index, double beat);
  void end_others(const Session& session);
  void forget_ended();

  std::vector<State> states_;                 ///< the newest last
  std::multimap<double, Occasion> happened_;  ///< by the beat of the answer
  std::uint64_t numbered_ = 0;
  double frame_ = 0;  ///< of what goes on
  double cost_ = 0;   ///< of it
  std::size_t idle_steps_ = 0;
  Crowd crowd_;
};

}  // namespace perigee
