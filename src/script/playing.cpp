// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/playing.h"

#include <fmt/format.h>

#include <ctime>

#include <algorithm>
#include <utility>

#include "script/watchdog.h"

namespace perigee {

namespace {

constexpr std::size_t kMostHappened = 4096;
/// Seconds that each note or set counts for besides what it takes to compute: so many can be sent.
constexpr double kActionCost = 1e-5;
/// Of many mistakes alike so many are told one by one.
constexpr std::size_t kMostTold = 8;

std::vector<LuaLoop>& loops_of(Watchdog& state) { return state.session().loops.all; }

std::vector<LuaCall>& calls_of(Watchdog& state) { return state.session().loops.calls; }

bool has_name(const std::vector<LuaLoop>& loops, const std::string& name) {
  return !name.empty() && std::ranges::find(loops, name, &LuaLoop::name) != loops.end();
}

/// Seconds that this thread has taken of processors.
double own_cost() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// To the function for an occasion, if that is there still. Of a state that is at rest.
void add_cost(Session& session, const std::string& occasion, double cost) {
  if (const auto found = session.answers.find(occasion); found != session.answers.end())
    found->second.cost += cost;
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

Played Playing::play(const Watchdog* busy, std::optional<Frames> frame, double seconds,
                     std::shared_ptr<Watchdog>& lost) {
  const double due = next_beat(busy);
  if (due == kNever) return {};
  frame_ = frame ? static_cast<double>(*frame) : due;
  idle_steps_ = 0;
  Played played = play_due(due, busy, seconds, lost);
  const auto excess = crowd_.take(frame_, idle_steps_, played.actions.size());
  if (excess != Crowd::Excess::none) thin_out(excess, busy, played.mistakes);
  return played;
}

/// Stops those that took more than their share of what is too much for all together: half of the mean.
void Playing::thin_out(Crowd::Excess excess, const Watchdog* busy, std::vector<Mistake>& mistakes) {
  const bool idle = excess == Crowd::Excess::steps;
  std::vector<LuaTask*> crowd;
  std::vector<std::shared_ptr<Watchdog>> of;
  double sum = 0;
  const auto taken = [&](const LuaTask& task) {
    return static_cast<double>(idle ? task.pace.steps : task.pace.asked);
  };
  const auto look_at = [&](const State& state, LuaTask& task) {
    // crowd_ has begun another round already.
    if (task.due == kNever || task.pace.round != crowd_.round() - 1 || taken(task) == 0) return;
    sum += taken(task);
    crowd.push_back(&task);
    of.push_back(state.watchdog);
  };
  for (const State& state : states_) {
    if (state.watchdog.get() == busy) continue;
    for (LuaLoop& loop : loops_of(*state.watchdog)) look_at(state, loop);
    for (LuaCall& call : calls_of(*state.watchdog)) look_at(state, call);
  }
  std::size_t stopped = 0;
  Place last;
  for (std::size_t i = 0; i < crowd.size(); ++i) {
    if (taken(*crowd[i]) < sum / static_cast<double>(crowd.size()) / 2) continue;
    crowd[i]->due = kNever;
    drop_thread(of[i]->session().lua, *crowd[i]);
    last = crowd[i]->where;
    if (++stopped <= kMostTold)
      mistakes.push_back(
          {crowd[i]->where, idle ? "a loop or callback waits for less than a frame, again and again, "
                                   "as others do: it is paused"
                                 : fmt::format("a loop or callback asks for more notes and sets than can "
                                               "be sent, {} and more at once: it is paused",
                                               taken(*crowd[i]))});
  }
  if (stopped > kMostTold) mistakes.push_back({last, fmt::format("so are {} more", stopped - kMostTold)});
  forget_ended();
}

Played Playing::play_due(double due, const Watchdog* busy, double seconds, std::shared_ptr<Watchdog>& lost) {
  if (!happened_.empty() && happened_.begin()->first == due && answers(busy)) {
    auto first = happened_.extract(happened_.begin());
    const auto occasion = std::make_shared<const Occasion>(std::move(first.mapped()));
    const auto watchdog = states_.back().watchdog;
    Played played = run(
        states_.back(),
        [occasion, due](Session& session, Played& made) {
          made.answers = true;
          answer(session, *occasion, due, made);
        },
        seconds, lost);
    if (lost == nullptr) add_cost(watchdog->session(), occasion->name, cost_);
    return played;
  }
  for (const State& state : states_) {
    if (state.watchdog.get() == busy) continue;
    const auto& loops = loops_of(*state.watchdog);
    if (const auto loop = std::ranges::find(loops, due, &LuaLoop::due); loop != loops.end())
      return play_loop(state, static_cast<std::size_t>(loop - loops.begin()), busy, seconds, lost);
    const auto& calls = calls_of(*state.watchdog);
    const auto call = std::ranges::find(calls, due, &LuaCall::due);
    if (call == calls.end()) continue;
    const auto watchdog = state.watchdog;
    const std::string occasion = call->occasion;
    Played played = run(
        state,
        [index = static_cast<std::size_t>(call - calls.begin())](Session& session, Played& made) {
          go_on_call(session, index, made);
        },
        seconds, lost);
    if (lost == nullptr) add_cost(watchdog->session(), occasion, cost_);
    return played;
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
  if (lost == nullptr) loops_of(*watchdog)[index].pace.cost += cost_;
  if (lost == nullptr && has_kept) settle(loops_of(*watchdog)[index], beat);
  forget_ended();
  return played;
}

Played Playing::run(const State& state, const Work& work, double seconds, std::shared_ptr<Watchdog>& lost) {
  // The thread may outlive this call: what it writes to belongs to both.
  const auto played = std::make_shared<Played>();
  const auto watchdog = state.watchdog;
  played->script = state.number;
  auto& loops = watchdog->session().loops;
  loops.frame = frame_;
  loops.round = crowd_.round();
  loops.idle_steps = 0;
  const double before = watchdog->cost() + own_cost();
  cost_ = 0;
  watchdog->start([played, work](Session& session) { work(session, *played); }, seconds);
  if (watchdog->wait() == Watchdog::State::given_up) {
    lost = watchdog;
    forget(watchdog);
    return {.mistakes = {{watchdog->session().remembered(),
                          "stopped: a loop or callback ran for too long inside a function that nothing can "
                          "interrupt; the script's loops are lost until it is saved again"}}};
  }
  idle_steps_ = watchdog->session().loops.idle_steps;
  cost_ = watchdog->cost() + own_cost() - before + static_cast<double>(played->actions.size()) * kActionCost;
  return std::move(*played);
}

double Playing::costs(const Watchdog* busy) const {
  double sum = 0;
  for (const State& one : states_) {
    if (one.watchdog.get() == busy) continue;
    for (const LuaLoop& loop : loops_of(*one.watchdog)) sum += loop.pace.cost;
    for (const auto& [occasion, answer] : one.watchdog->session().answers) sum += answer.cost;
  }
  return sum;
}

void Playing::forget_costs(const Watchdog* busy) {
  for (const State& one : states_) {
    if (one.watchdog.get() == busy) continue;
    for (LuaLoop& loop : loops_of(*one.watchdog)) loop.pace.cost = 0;
    for (auto& [occasion, answer] : one.watchdog->session().answers) answer.cost = 0;
  }
}

std::vector<Mistake> Playing::stop_costly(const Watchdog* busy, double part) {
  struct Costly {
    double cost;
    Place where;
    std::string what;
    std::function<void()> stop;
  };
  std::vector<Costly> all;
  double sum = 0;
  for (const State& one : states_) {
    if (one.watchdog.get() == busy) continue;
    Session& session = one.watchdog->session();
    for (LuaLoop& loop : session.loops.all) {
      if (loop.due == kNever) continue;
      sum += loop.pace.cost;
      all.push_back(
          {loop.pace.cost, loop.where, loop.name.empty() ? "a loop" : "loop " + loop.name, [&session, &loop] {
             drop_thread(session.lua, loop);
             loop.due = kNever;
           }});
    }
    for (const auto& [occasion, answer] : session.answers) {
      sum += answer.cost;
      all.push_back({answer.cost, answer.where, fmt::format("the function for \"{}\"", occasion),
                     [&session, name = occasion] { end_answers(session, name); }});
    }
  }
  std::ranges::sort(all, std::greater(), &Costly::cost);
  std::vector<Mistake> mistakes;
  const double bound = sum * part;
  for (const Costly& one : all) {
    if (sum <= bound || one.cost == 0) break;
    sum -= one.cost;
    one.stop();
    if (mistakes.size() < kMostTold)
      mistakes.push_back(
          {one.where, one.what + ": it asks for more than there is time for, so that all loops are late: it "
                                 "is paused"});
  }
  forget_ended();
  return mistakes;
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
