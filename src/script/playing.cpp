// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/playing.h"

#include <algorithm>

#include "script/watchdog.h"

namespace perigee {

namespace {

constexpr std::size_t kMostHappened = 4096;

std::vector<LuaLoop>& loops_of(Watchdog& state) { return state.session().loops.all; }

std::vector<LuaCall>& calls_of(Watchdog& state) { return state.session().loops.calls; }

bool has_name(const std::vector<LuaLoop>& loops, const std::string& name) {
  return !name.empty() && std::ranges::find(loops, name, &LuaLoop::name) != loops.end();
}

/// It has nothing to play any more, and nothing to go back to.
void end(LuaLoop& loop) {
  loop.due = kNever;
  loop.kept = false;
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
      if (boundary == kNever) continue;
      next.start = next.due = boundary;
      if (old.kept) release(old);
    }
  }
}

void Playing::release(const LuaLoop& loop) {
  for (const State& one : states_)
    for (LuaLoop& other : loops_of(*one.watchdog))
      if (&other != &loop && other.name == loop.name) other.kept = false;
}

Playing::Kept Playing::kept(const LuaLoop& loop) const {
  if (!loop.name.empty())
    for (const State& one : states_)
      for (LuaLoop& other : loops_of(*one.watchdog))
        if (&other != &loop && other.kept && other.name == loop.name) return {one.watchdog, &other};
  return {};
}

/// After a turn: one that is good needs nobody to go back to, and one that failed gives way.
void Playing::settle(const LuaLoop& loop, double beat) {
  if (loop.good) return release(loop);
  if (loop.failures == 0) return;
  if (const Kept before = kept(loop); before.loop != nullptr)
    start_loop(before.state->session(), *before.loop, beat);
}

void Playing::end_others(const Session& session) {
  for (const State& one : states_) {
    if (&one.watchdog->session() == &session) continue;
    for (LuaLoop& old : loops_of(*one.watchdog))
      if (!has_name(session.loops.all, old.name)) end(old);
  }
}

bool Playing::restart(const Watchdog* busy, double beat) {
  for (const State& one : states_)
    if (one.watchdog.get() == busy) return false;
  for (const State& one : states_) {
    Session& session = one.watchdog->session();
    for (LuaLoop& loop : session.loops.all) {
      if (loop.due == kNever) continue;
      if (loop.until == kNever)
        restart_loop(session, loop, beat);
      else
        loop.due = kNever;
    }
    for (LuaCall& call : session.loops.calls) call.due = kNever;
  }
  std::multimap<double, Occasion> here;
  for (auto& [was, occasion] : happened_) here.emplace(beat, std::move(occasion));
  happened_ = std::move(here);
  forget_ended();
  return true;
}

bool Playing::has(std::uint64_t number) const {
  return std::ranges::find(states_, number, &State::number) != states_.end();
}

void Playing::forget(const std::shared_ptr<Watchdog>& state) {
  std::erase_if(states_, [&](const State& one) { return one.watchdog == state; });
}

void Playing::stop() {
  happened_.clear();
  for (const State& one : states_) {
    for (LuaLoop& loop : loops_of(*one.watchdog)) end(loop);
    for (LuaCall& call : calls_of(*one.watchdog)) call.due = kNever;
  }
}

bool Playing::tell(Occasion occasion, double beat) {
  if (happened_.size() >= kMostHappened) return false;
  happened_.emplace(beat, std::move(occasion));
  return true;
}

double Playing::next_beat(const Watchdog* busy) const {
  double next = !happened_.empty() && answers(busy) ? happened_.begin()->first : kNever;
  for (const State& one : states_) {
    if (one.watchdog.get() == busy) continue;
    for (const LuaLoop& loop : loops_of(*one.watchdog)) next = std::min(next, loop.due);
    for (const LuaCall& call : calls_of(*one.watchdog)) next = std::min(next, call.due);
  }
  return next;
}

Played Playing::play(const Watchdog* busy, double seconds, std::shared_ptr<Watchdog>& lost) {
  const double due = next_beat(busy);
  if (due == kNever) return {};
  if (!happened_.empty() && happened_.begin()->first == due && answers(busy)) {
    auto first = happened_.extract(happened_.begin());
    const auto occasion = std::make_shared<const Occasion>(std::move(first.mapped()));
    return run(
        states_.back(),
        [occasion, due](Session& session, Played& played) {
          played.answers = true;
          answer(session, *occasion, due, played);
        },
        seconds, lost);
  }
  for (const State& state : states_) {
    if (state.watchdog.get() == busy) continue;
    const auto& loops = loops_of(*state.watchdog);
    if (const auto loop = std::ranges::find(loops, due, &LuaLoop::due); loop != loops.end())
      return play_loop(state, static_cast<std::size_t>(loop - loops.begin()), busy, seconds, lost);
    const auto& calls = calls_of(*state.watchdog);
    const auto call = std::ranges::find(calls, due, &LuaCall::due);
    if (call == calls.end()) continue;
    return run(
        state,
        [index = static_cast<std::size_t>(call - calls.begin())](Session& session, Played& played) {
          go_on_call(session, index, played);
        },
        seconds, lost);
  }
  return {};
}

Played Playing::play_loop(const State& state, std::size_t index, const Watchdog* busy, double seconds,
                          std::shared_ptr<Watchdog>& lost) {
  const auto watchdog = state.watchdog;
  const double beat = loops_of(*watchdog)[index].due;
  const Kept before = kept(loops_of(*watchdog)[index]);
  const bool has_kept = before.loop != nullptr && before.state.get() != busy;
  Played played = run(
      state, [index, has_kept](Session& session, Played& made) { run_loop(session, index, has_kept, made); },
      seconds, lost);
  if (lost == nullptr && has_kept) settle(loops_of(*watchdog)[index], beat);
  forget_ended();
  return played;
}

Played Playing::run(const State& state, const Work& work, double seconds, std::shared_ptr<Watchdog>& lost) {
  // The thread may outlive this call: what it writes to belongs to both.
  const auto played = std::make_shared<Played>();
  const auto watchdog = state.watchdog;
  played->script = state.number;
  watchdog->start([played, work](Session& session) { work(session, *played); }, seconds);
  if (watchdog->wait() == Watchdog::State::given_up) {
    lost = watchdog;
    forget(watchdog);
    return {.mistakes = {{watchdog->session().remembered(),
                          "stopped: a loop or callback ran for too long inside a function that nothing can "
                          "interrupt; the script's loops are lost until it is saved again"}}};
  }
  return std::move(*played);
}

void Playing::forget_ended() {
  if (states_.empty()) return;
  const Watchdog* newest = states_.back().watchdog.get();
  const auto has_ended = [](const LuaCall& call) { return call.due == kNever; };
  const auto is_over = [](const LuaLoop& loop) { return loop.due == kNever && !loop.kept; };
  std::erase_if(states_, [&](const State& one) {
    return one.watchdog.get() != newest && std::ranges::all_of(loops_of(*one.watchdog), is_over) &&
           std::ranges::all_of(calls_of(*one.watchdog), has_ended);
  });
}

}  // namespace perigee
