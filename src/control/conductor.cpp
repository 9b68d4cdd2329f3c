// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/conductor.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>
#include <utility>

#include "control/occasions.h"

namespace perigee {

namespace {

/// A number goes to its new value in this time unless a script says otherwise.
constexpr double kRampSeconds = 0.005;
/// Scripts of which something may still be on its way.
constexpr std::size_t kMostScripts = 8;

}  // namespace

void Conductor::set_tempo(double tempo) {
  if (timeline_ && tempo != timeline_->tempo()) timeline_->set_tempo(tempo, beat());
}

void Conductor::set_rate(double rate) {
  if (timeline_) timeline_->set_rate(rate, beat());
  rate_ = rate;
}

void Conductor::know(std::uint64_t script, const Moment& moment,
                     std::span<const std::shared_ptr<Instance>> instances) {
  auto& known = instances_[script];
  for (NodeId id = 0; id < moment.origin.size(); ++id) {
    known.resize(std::max<std::size_t>(known.size(), moment.origin[id] + 1));
    known[moment.origin[id]] = instances[id];
  }
  while (instances_.size() > kMostScripts) instances_.erase(instances_.begin());
}

bool Conductor::tell(Script& script, Occasion occasion, Frames time) {
  if (!timeline_) return true;  // before the first beat
  return script.tell(std::move(occasion), timeline_->beat_of(time));
}

bool Conductor::hear(Script& script, const Report& report) {
  Occasion occasion = occasion_of(*report.at, report.message);
  return !script.asks().contains(occasion.name) || tell(script, std::move(occasion), answer_to(report.time));
}

std::vector<Mistake> Conductor::play(Script& script, Frames until, double seconds) {
  using Clock = std::chrono::steady_clock;
  std::vector<Mistake> mistakes;
  waiting_ = false;
  if (!timeline_) return mistakes;
  const Clock::time_point begun = Clock::now();
  for (double next = 0; std::isfinite(next = script.next_beat()) && timeline_->frame_of(next) < until;) {
    if (std::chrono::duration<double>(Clock::now() - begun).count() > seconds) {
      waiting_ = true;
      until = std::max(played_until_, timeline_->frame_of(next));
      break;
    }
    Played played = script.play();
    for (const Action& action : played.actions) add(action, played.script);
    mistakes.insert(mistakes.end(), played.mistakes.begin(), played.mistakes.end());
  }
  played_until_ = std::max(played_until_, until);
  send(until);
  return mistakes;
}

std::vector<Errand> Conductor::take_errands(Frames until) {
  std::vector<Errand> due;
  for (; !errands_.empty() && errands_.begin()->first <= until; errands_.erase(errands_.begin()))
    due.push_back(*errands_.begin()->second);
  return due;
}

void Conductor::hush() {
  pending_.clear();
  errands_.clear();
  const Message off{.what = Message::What::control, .number = kAllNotesOff};
  std::set<const Instance*> told;
  for (const auto& [script, instances] : instances_) {
    for (const std::weak_ptr<Instance>& one : instances) {
      const auto instance = one.lock();
      if (instance == nullptr || (instance->spec->hears < 0 && instance->spec->says < 0) ||
          !told.insert(instance.get()).second)
        continue;
      // After what has been sent ahead.
      add({.time = std::max(played_until_, engine_.now()), .tells = true, .message = off}, one);
    }
  }
  send(INT64_MAX);
}

void Conductor::add(const Action& action, std::uint64_t script) {
  if (action.what == Action::What::tempo) {
    timeline_->set_tempo(action.value, action.beat);
    return;
  }
  if (action.what == Action::What::errand) {
    errands_.emplace(timeline_->frame_of(action.beat), action.errand);
    return;
  }
  const auto known = instances_.find(script);
  if (known == instances_.end() || action.node >= known->second.size()) return;
  const std::weak_ptr<Instance>& target = known->second[action.node];
  const auto instance = target.lock();
  if (instance == nullptr) return;
  Event event{.time = timeline_->frame_of(action.beat)};
  if (action.what == Action::What::tell) {
    event.tells = true;
    event.message = action.message;
  } else {
    const bool ramps = instance->spec->params[action.param].change == Change::ramp;
    const double seconds = action.over >= 0 ? action.over : ramps ? kRampSeconds : 0;
    event.param = action.param;
    event.value = static_cast<float>(action.value);
    event.glide = static_cast<Frames>(seconds * rate_ + 0.5);
    event.curve = action.exponential ? Curve::exponential : Curve::linear;
  }
  add(event, target);
}

void Conductor::add(const Event& event, const std::weak_ptr<Instance>& target) {
  const bool ends = event.tells && event.message.what == Message::What::note_off;
  pending_.emplace(std::pair(event.time, !ends), Pending{event, target});
}

void Conductor::send(Frames until) {
  while (!pending_.empty() && pending_.begin()->first.first < until) {
    Pending& first = pending_.begin()->second;
    const auto instance = first.target.lock();
    first.event.target = instance.get();
    if (instance != nullptr && !send_event_(first.event)) return;  // the queue is full: later
    pending_.erase(pending_.begin());
  }
}

}  // namespace perigee
