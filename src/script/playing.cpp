// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/playing.h"

#include <algorithm>

#include "script/watchdog.h"

namespace perigee {

namespace {

std::vector<LuaLoop>& loops_of(Watchdog& state) { return state.session().loops.all; }

bool has_name(const std::vector<LuaLoop>& loops, const std::string& name) {
  return !name.empty() && std::ranges::find(loops, name, &LuaLoop::name) != loops.end();
}

}  // namespace

std::uint64_t Playing::start(const std::shared_ptr<Watchdog>& state, double beat) {
  const bool plays_on = !states_.empty() && states_.back().watchdog == state;
  const auto known = std::ranges::find(states_, state, &State::watchdog);
  if (known == states_.end())
    states_.push_back({++numbered_, state});
  else
    std::rotate(known, known + 1, states_.end());
  Session& session = state->session();
  auto& loops = session.loops.all;
  for (std::size_t i = 0; i < loops.size(); ++i) {
    if (plays_on && loops[i].begun) continue;
    const auto later = loops.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    if (has_name({later, loops.end()}, loops[i].name)) continue;
    start_loop(session, loops[i], beat);
    hand_over_to(session, i, beat);
  }
  end_others(session);
  forget_ended();
  return states_.back().number;
}

void Playing::hand_over_to(Session& session, std::size_t index, double beat) {
  LuaLoop& next = session.loops.all[index];
  if (next.name.empty()) return;
  for (const State& one : states_) {
    for (LuaLoop& old : loops_of(*one.watchdog)) {
      if (&old == &next || old.name != next.name) continue;
      const double boundary = hand_over(old, beat);
      if (boundary != kNever) next.start = next.due = boundary;
    }
  }
}

void Playing::end_others(const Session& session) {
  for (const State& one : states_) {
    if (&one.watchdog->session() == &session) continue;
    for (LuaLoop& old : loops_of(*one.watchdog))
      if (!has_name(session.loops.all, old.name)) old.due = kNever;
  }
}

void Playing::forget(const std::shared_ptr<Watchdog>& state) {
  std::erase_if(states_, [&](const State& one) { return one.watchdog == state; });
}

void Playing::stop() {
  for (const State& one : states_)
    for (LuaLoop& loop : loops_of(*one.watchdog)) loop.due = kNever;
}

double Playing::next_beat(const Watchdog* busy) const {
  double next = kNever;
  for (const State& one : states_)
    if (one.watchdog.get() != busy)
      for (const LuaLoop& loop : loops_of(*one.watchdog)) next = std::min(next, loop.due);
  return next;
}

Played Playing::play(const Watchdog* busy, double seconds, std::shared_ptr<Watchdog>& lost) {
  const double due = next_beat(busy);
  for (std::size_t i = 0; due != kNever && i < states_.size(); ++i) {
    const auto state = states_[i].watchdog;
    if (state.get() == busy) continue;
    auto& loops = loops_of(*state);
    const auto found = std::ranges::find(loops, due, &LuaLoop::due);
    if (found == loops.end()) continue;
    const auto index = static_cast<std::size_t>(found - loops.begin());
    // The thread may outlive this call: what it writes to belongs to both.
    const auto played = std::make_shared<Played>();
    state->start([played, index](Session& session) { run_loop(session, index, *played); }, seconds);
    if (state->wait() == Watchdog::State::given_up) {
      lost = state;
      states_.erase(states_.begin() + static_cast<std::ptrdiff_t>(i));
      return {
          .mistakes = {{state->session().remembered(),
                        "stopped: a loop ran for too long inside a function that nothing can interrupt; the "
                        "script's loops are lost until it is saved again"}}};
    }
    played->script = states_[i].number;
    forget_ended();
    return std::move(*played);
  }
  return {};
}

void Playing::forget_ended() {
  if (states_.empty()) return;
  const Watchdog* newest = states_.back().watchdog.get();
  std::erase_if(states_, [newest](const State& one) {
    return one.watchdog.get() != newest &&
           std::ranges::all_of(loops_of(*one.watchdog),
                               [](const LuaLoop& loop) { return loop.due == kNever; });
  });
}

}  // namespace perigee
