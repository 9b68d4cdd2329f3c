// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/conductor.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>
#include <utility>

#include "control/occasions.h"

namespace perigee {

namespace {

/// A number goes to its new value in this time unless a script says otherwise.
constexpr double kRampSeconds = 0.005;
/// Scripts that play no more, but of which something may still be on its way.
constexpr std::size_t kMostScripts = 8;
/// So long after its frame nobody takes anything back.
constexpr double kPassed = 1;  // seconds

/// Loops that are late by more, and get later, have too much to do.
constexpr double kMostLate = 1;  // seconds
/// It takes so long to see how much that is; what remains may take that part of the time.
constexpr double kCostSeen = 0.25;  // seconds
constexpr double kMostCost = 0.5;
/// What is to come at a time: some 200 bytes each.
constexpr std::size_t kMostToCome = 1 << 20;

constexpr double kAllBeats = -std::numeric_limits<double>::infinity();
constexpr Frames kAllFrames = INT64_MIN;

}  // namespace

void Conductor::start(Frames origin, double tempo) {
  if (!transport_.follows()) {
    transport_.roll(origin, tempo);
    started_ = true;
    return;
  }
  if (!transport_.rolls()) {
    heard_.number = 0;
    hear({.at = origin, .rolling = true, .frame = heard_.frame});
  }
  transport_.leave();
  transport_.set_tempo(tempo, beat());
}

void Conductor::follow(double tempo, bool leads) {
  const bool rolled = transport_.rolls();
  if (!transport_.follow(tempo, leads)) return;
  if (started_) drop(rolled ? engine_.now() : kAllFrames);
  played_until_ = 0;
  heard_ = {};
  started_ = true;
}

void Conductor::hear(const TransportPosition& position) {
  const bool rolled = transport_.rolls();
  const double played = beat();
  const Frames next = std::max(engine_.now(), position.at) + 2 * position.period;
  Frames from = kAllFrames;
  const bool held_are_due = position.era == engine_.era() && score_.is_settled();
  const auto turn = transport_.hear(position);
  heard_ = position;
  if (transport_.rolls()) answers_due_.clear();
  switch (turn) {
    case Transport::Turn::none:
      return;
    case Transport::Turn::retimed:
      // What is due before the engine can hear of it stays as it is. After a jump, it has stopped already.
      if (rolled) from = position.jumped ? position.at : next;
      score_.take_back(from);
      break;
    case Transport::Turn::stopped:
      from = position.at;
      score_.end_notes(from);
      score_.take_back(from);
      score_.settle();  // what is left has been heard
      break;
    case Transport::Turn::started:
      if (held_are_due)
        score_.let_go(position.at);
      else
        score_.take_back(kAllFrames);
      break;
    case Transport::Turn::moved:
      drop(rolled ? position.at : kAllFrames);
      start_loops_at(position.rolling ? position.at : 0);
      return;
  }
  score_.place_again(transport_.timeline(), kAllBeats, from);
  played_until_ = transport_.timeline().frame_of(played);
}

void Conductor::start_loops_at(Frames frame) {
  played_until_ = frame;
  // A place is a whole frame: the turn of a loop that is nearest to it is there.
  const Timeline& timeline = transport_.timeline();
  loops_start_ = (timeline.beat_of(frame - 1) + timeline.beat_of(frame)) / 2;
}

std::uint32_t Conductor::ready() const { return loops_start_ || !score_.is_settled() ? 0 : heard_.number; }

void Conductor::set_tempo(double tempo) {
  if (!started_ || tempo == transport_.timeline().tempo()) return;
  const double from = transport_.rolls() ? beat() : transport_.timeline().beat_of(0);
  if (!transport_.set_tempo(tempo, from)) return;
  if (transport_.follows()) tempo_changes_.push_back({transport_.shared_frame_of(from), from, tempo});
  score_.place_again(transport_.timeline(), from, kAllFrames);
}

void Conductor::set_rate(double rate) {
  if (started_) transport_.set_rate(rate, beat());
  rate_ = rate;
}

void Conductor::renew() {
  if (!transport_.follows() || transport_.rolls()) return;
  drop(kAllFrames);
  start_loops_at(0);
}

void Conductor::know(std::uint64_t script, const Moment& moment,
                     std::span<const std::shared_ptr<Instance>> instances) {
  auto& known = instances_[script];
  for (NodeId id = 0; id < moment.origin.size(); ++id) {
    known.resize(std::max<std::size_t>(known.size(), moment.origin[id] + 1));
    known[moment.origin[id]] = instances[id];
  }
}

/// Loops may take longer than it takes to save a script many times.
void Conductor::forget_scripts(const Script& script) {
  for (auto one = instances_.begin(); instances_.size() > kMostScripts && one != instances_.end();)
    one = script.plays(one->first) ? std::next(one) : instances_.erase(one);
}

bool Conductor::tell(Script& script, Occasion occasion, Frames time) {
  if (!started_) return true;  // before the first beat
  if (transport_.rolls()) return script.tell(std::move(occasion), transport_.timeline().beat_of(time));
  if (!script.tell(std::move(occasion), transport_.timeline().beat_of(0))) return false;
  answers_due_.push_back(time);
  return true;
}

/// The frame at which the answer that comes next while the clock stands is due.
Frames Conductor::next_answer() {
  if (answers_due_.empty()) return engine_.now();
  const Frames due = answers_due_.front();
  answers_due_.pop_front();
  return due;
}

bool Conductor::hear(Script& script, const Report& report) {
  Occasion occasion = occasion_of(*report.at, report.message);
  return !script.asks().contains(occasion.name) || tell(script, std::move(occasion), answer_to(report.time));
}

void Conductor::look_after(Script& script, Frames late, Frames played, std::vector<Mistake>& mistakes) {
  if (static_cast<double>(late) < kMostLate * rate_) {
    lag_.reset();
    return;
  }
  const double cost = script.costs();
  if (!lag_) {
    script.forget_costs();
    lag_ = {late, played};
    return;
  }
  if (cost < kCostSeen) return;
  const double part = static_cast<double>(played - lag_->played) / rate_ * kMostCost / cost;
  // A machine that has lost time catches up.
  if (late > lag_->late && part < 1) {
    const auto more = script.stop_costly(std::max(part, 0.0));
    mistakes.insert(mistakes.end(), more.begin(), more.end());
  }
  lag_.reset();
}

std::vector<Mistake> Conductor::play(Script& script, Frames until, double seconds) {
  using Clock = std::chrono::steady_clock;
  std::vector<Mistake> mistakes;
  waiting_ = false;
  if (!started_ || (transport_.follows() && heard_.number == 0)) return mistakes;
  if (!transport_.rolls()) until -= engine_.now();
  if (loops_start_ && script.restart_loops(*loops_start_)) loops_start_.reset();
  if (loops_start_) {
    score_.send_loose();
    return mistakes;
  }
  const Timeline& timeline = transport_.timeline();
  const Clock::time_point begun = Clock::now();
  score_.send(played_until_, !transport_.rolls());
  const bool is_behind = transport_.rolls() && score_.is_behind(played_until_);
  for (double next = 0; std::isfinite(next = script.next_beat()) && timeline.frame_of(next) < until;) {
    if (is_behind || std::chrono::duration<double>(Clock::now() - begun).count() > seconds) {
      waiting_ = true;
      until = std::max(played_until_, timeline.frame_of(next));
      break;
    }
    Played played = script.play(kCallbackSeconds, timeline.frame_of(next));
    answered_at_.reset();
    if (played.answers && !transport_.rolls()) answered_at_ = next_answer();
    if (score_.size() < kMostToCome) {
      for (const Action& action : played.actions) add(action, played.script);
      is_full_ = is_full_ && score_.size() > kMostToCome / 2;
    } else if (!std::exchange(is_full_, true)) {
      mistakes.push_back(
          {{},
           fmt::format("loops ask for more than there is room for: {} notes and sets are still to "
                       "come, and what is added is left out",
                       kMostToCome)});
    }
    mistakes.insert(mistakes.end(), played.mistakes.begin(), played.mistakes.end());
  }
  played_until_ = std::max(played_until_, until);
  if (!waiting_)
    lag_.reset();
  else if (transport_.rolls() && std::isfinite(seconds))
    look_after(script, engine_.now() - until, until, mistakes);
  score_.send(until, !transport_.rolls());
  if (!transport_.rolls()) return mistakes;
  const Frames now = engine_.now();
  transport_.forget(now);
  score_.settle(now - static_cast<Frames>(kPassed * rate_));
  return mistakes;
}

std::vector<Errand> Conductor::take_errands(Frames until) {
  std::vector<Errand> due;
  const auto is_due = [&](double beat) {
    return beat == kAllBeats || (transport_.rolls() && transport_.timeline().frame_of(beat) <= until);
  };
  for (; !errands_.empty() && is_due(errands_.begin()->first); errands_.erase(errands_.begin()))
    due.push_back(*errands_.begin()->second);
  return due;
}

void Conductor::hush() {
  score_.clear();
  errands_.clear();
  answers_due_.clear();
  const Message off{.what = Message::What::control, .number = kAllNotesOff};
  std::set<const Instance*> told;
  const bool rolls = transport_.rolls();
  // After what has been sent ahead.
  const Frames at = rolls ? std::max(played_until_, engine_.now()) : engine_.now();
  if (!rolls) drop(kAllFrames);
  for (const auto& [script, instances] : instances_) {
    for (const std::weak_ptr<Instance>& one : instances) {
      const auto instance = one.lock();
      if (instance == nullptr || (instance->spec->hears < 0 && instance->spec->says < 0) ||
          !told.insert(instance.get()).second)
        continue;
      const auto tell = [&](const Message& message) {
        score_.add_loose({.time = at, .tells = true, .message = message}, one);
      };
      tell(off);
      if (instance->spec->says >= 0) tell({.what = Message::What::stop});
    }
  }
  score_.send_loose();
}

std::weak_ptr<Instance> Conductor::target_of(const Action& action, std::uint64_t script) const {
  const auto known = instances_.find(script);
  if (known == instances_.end() || action.node >= known->second.size()) return {};
  return known->second[action.node];
}

Event Conductor::event_of(const Action& action, const Instance& instance) const {
  if (action.what == Action::What::tell) return {.tells = true, .message = action.message};
  const bool ramps = instance.spec->params[action.param].change == Change::ramp;
  const double seconds = action.over >= 0 ? action.over : ramps ? kRampSeconds : 0;
  return {.param = action.param,
          .value = static_cast<float>(action.value),
          .glide = static_cast<Frames>(seconds * rate_ + 0.5),
          .curve = action.exponential ? Curve::exponential : Curve::linear};
}

void Conductor::set(const Action& action, std::uint64_t script) {
  const auto target = target_of(action, script);
  if (const auto instance = target.lock(); instance != nullptr)
    score_.add_loose(event_of(action, *instance), target);
}

void Conductor::add(const Action& action, std::uint64_t script) {
  if (action.what == Action::What::tempo) {
    if (!transport_.set_tempo(action.value, action.beat)) return;
    if (transport_.follows())
      tempo_changes_.push_back({transport_.shared_frame_of(action.beat), action.beat, action.value});
    score_.place_again(transport_.timeline(), action.beat, kAllFrames);
    return;
  }
  if (action.what == Action::What::errand) {
    errands_.emplace(answered_at_ ? kAllBeats : action.beat, action.errand);
    return;
  }
  const auto target = target_of(action, script);
  const auto instance = target.lock();
  if (instance == nullptr) return;
  const Timeline& timeline = transport_.timeline();
  Event event = event_of(action, *instance);
  event.time = timeline.frame_of(action.beat);
  if (answered_at_) {
    // While the clock stands, its beats count from the answer on, and nothing moves them.
    event.time += *answered_at_;
    score_.add_loose(event, target);
    return;
  }
  const double began = action.beat - action.after;
  score_.add({.beat = action.beat,
              .began = began,
              .event = event,
              .began_at = timeline.frame_of(began),
              .target = target});
}

/// All that is still to come at a frame; notes that sound end there.
void Conductor::drop(Frames at) {
  score_.drop(at);
  errands_.clear();
}

}  // namespace perigee
