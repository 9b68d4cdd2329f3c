// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/midi_clock.h"

#include <cmath>

namespace perigee {

namespace {

/// After so long without a tick, what was before says nothing.
constexpr double kSilence = 1;  // seconds
/// A tick so far from where it was expected is no jitter: the tempo is another.
constexpr double kTempoStep = 0.004;  // seconds
/// Then so many ticks count.
constexpr std::size_t kAfterStep = 6;
/// After a start, so many say more of the tempo than what was before.
constexpr std::size_t kTelling = MidiClock::kWindow / 2;
constexpr unsigned kTicksASixteenth = 6;

}  // namespace

void MidiClock::tick(Frames at) {
  const auto frame = static_cast<double>(at);
  if (!ticks_.empty() && std::abs(frame - ticks_.back().frame) > kSilence * rate_) forget_ticks();
  const auto before = line();
  const double expected = before ? before->frame + (next_ - before->number) * before->pace : frame;
  ticks_.push_back({next_, frame});
  next_ += 1;
  const bool steps = std::abs(frame - expected) > kTempoStep * rate_;
  if (steps || ticks_.size() >= kTelling) pace_.reset();
  const std::size_t most = steps ? kAfterStep : kWindow;
  while (ticks_.size() > most) ticks_.pop_front();
}

void MidiClock::forget_ticks() {
  if (const auto fitted = line()) pace_ = fitted->pace;
  ticks_.clear();
}

void MidiClock::set_rate(double rate) {
  forget_ticks();
  if (pace_) *pace_ *= rate / rate_;
  rate_ = rate;
}

void MidiClock::start() {
  forget_ticks();
  origin_ = next_;
  rolls_ = true;
}

void MidiClock::resume() {
  if (rolls_) return;
  forget_ticks();
  origin_ = next_ - stands_;
  rolls_ = true;
}

void MidiClock::stop() {
  if (!rolls_) return;
  stands_ = next_ - origin_;
  rolls_ = false;
}

void MidiClock::locate(unsigned sixteenths) {
  if (!rolls_) stands_ = sixteenths * kTicksASixteenth;
}

double MidiClock::beat() const { return (rolls_ ? next_ - origin_ : stands_) / kTicks; }

std::optional<MidiClock::Line> MidiClock::line() const {
  if (ticks_.empty() || (ticks_.size() < 2 && !pace_)) return std::nullopt;
  const auto count = static_cast<double>(ticks_.size());
  // From the first tick on, so that nothing is lost where frames are many.
  const auto [first, origin] = ticks_.front();
  double numbers = 0, frames = 0;
  for (const Tick& one : ticks_) {
    numbers += (one.number - first) / count;
    frames += (one.frame - origin) / count;
  }
  double together = 0, squares = 0;
  for (const Tick& one : ticks_) {
    const double number = one.number - first - numbers;
    together += number * (one.frame - origin - frames);
    squares += number * number;
  }
  if (!pace_ && !(together > 0)) return std::nullopt;
  return Line{
      .number = first + numbers, .frame = origin + frames, .pace = pace_ ? *pace_ : together / squares};
}

std::optional<double> MidiClock::tempo() const {
  const auto fitted = line();
  const auto pace = fitted ? fitted->pace : pace_;
  if (!pace) return std::nullopt;
  return 60 * rate_ / (*pace * kTicks);
}

std::optional<double> MidiClock::beat_of(Frames frame) const {
  const auto fitted = rolls_ ? line() : std::nullopt;
  if (!fitted) return std::nullopt;
  const double ticks = fitted->number + (static_cast<double>(frame) - fitted->frame) / fitted->pace;
  return (ticks - origin_) / kTicks;
}

}  // namespace perigee
