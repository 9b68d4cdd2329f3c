// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/engine.h"

#include <algorithm>

#include "dsp/instructions.h"
#include "engine/realtime.h"
#include "engine/walk.h"

namespace perigee {

namespace {

constexpr std::uint32_t kWaitingEvents = 16384;
constexpr double kReadingsASecond = 10;
/// Programs that wait to be freed: with so many, no more are taken back until there is room in the pool of
/// events, and what nobody received of reports is lost.
constexpr std::size_t kMostSpent = 16;

}  // namespace

Engine::Engine() : pool_(kWaitingEvents) {
  find_realtime_guard();
  dsp::choose_instructions();
}

void Engine::publish(std::unique_ptr<Program> program) { handoff_.offer(std::move(program)); }

bool Engine::collect() {
  if (spent_.size() < kMostSpent)
    if (auto program = handoff_.collect()) spent_.push_back(std::move(program));
  // An event that is on its way may be for a node of a spent program.
  if (spent_.empty() || events_.write_available() < kEvents) return false;
  // So may a report that nobody has received yet.
  if (spent_.size() == kMostSpent) reports_.consume_all([](const Report&) {});
  if (reports_.read_available() > 0) return false;
  spent_.clear();
  return true;
}

void Engine::begin(Program& program) noexcept {
  if (program.other_clock) clock_gate_ = {};
  program_ = &program;
  for (Instance* node : program.leaving) {
    pool_.release(node->waiting);
    node->left = true;
  }
  pool_.drop_if(held_, [](const Event& event) { return event.target->left; });
  for (const Handover& number : program.handovers) {
    number.to->numbers[0] = number.from->numbers[number.param];
    number.to->ramping_until = number.from->ramping_until;
  }
  for (const Event& event : program.on_start) set(event, now_);
  for (const Instance* node : program.faulty)
    reports_.push({.what = Report::What::fault, .from = node, .time = now_});
  guard_.follow(program);
  program.started.store(now_, std::memory_order_release);
  if (accounting_.load(std::memory_order_relaxed))
    reports_.push({.what = Report::What::began, .time = now_, .count = program.number});
}

void Engine::set(const Event& event, Frames now) noexcept {
  event.target->take(event, now);
  restless_until_ = std::max(restless_until_, event.target->ramping_until);
}

void Engine::process(const float* const* in, unsigned in_channels, float* const* out, unsigned out_channels,
                     int frames) noexcept {
  const RealtimeScope scope;
  take();
  run(in, in_channels, out, out_channels, frames);
}

void Engine::run(const float* const* in, unsigned in_channels, float* const* out, unsigned out_channels,
                 int frames) noexcept {
  const RealtimeScope scope;
  stopwatch_.start();
  take_events();
  if (program_ == nullptr || program_->in_channels > in_channels || program_->out_channels > out_channels) {
    for (unsigned channel = 0; channel < out_channels; ++channel) std::fill_n(out[channel], frames, 0.F);
    published_now_.store(now_, std::memory_order_release);
    return;  // engine time starts with the first program
  }
  for (unsigned channel = program_->out_channels; channel < out_channels; ++channel)
    std::fill_n(out[channel], frames, 0.F);
  for (const unsigned channel : program_->shared) std::fill_n(out[channel], frames, 0.F);
  run_rounds(in, out, frames);
  now_ += frames;
  if (now_ >= next_readings_) {
    report_readings();
    next_readings_ = now_ + static_cast<Frames>(program_->rate / kReadingsASecond);
  }
  published_now_.store(now_, std::memory_order_release);
  stopwatch_.stop(frames, program_->rate);
}

void Engine::run_rounds(const float* const* in, float* const* out, int frames) noexcept {
  const float limit = limit_.load(std::memory_order_relaxed);
  for (int done = 0; done < frames;) {
    const Frames now = now_ + done;
    const int round = guard_.round(now, frames - done);
    run_round({.program = program_,
               .pool = &pool_,
               .now = now,
               .frames = round,
               .in = in,
               .out = out,
               .offset = done,
               .limit = limit,
               .eventless = pool_.empty(),
               .measuring = measuring_.load(std::memory_order_relaxed),
               .watched = guard_.watches(now),
               .first_chunk = chunks_});
    done += round;
    guard_.act(*program_, limit, now_ + done, [this](const Report& report) { reports_.push(report); });
  }
  if (unheard_ > 0 && reports_.push({.what = Report::What::unheard, .time = now_, .count = unheard_}))
    unheard_ = 0;
}

void Engine::run_round(const Period& period) noexcept {
  for (Share& share : program_->shares) share.restless_until = restless_until_;
  if (program_->shares.size() == 1 || period.watched)
    run_alone(period);
  else
    workers_.run(period);
  chunks_ += static_cast<unsigned>(period.chunks());
  for (Share& share : program_->shares) gather(share);
}

/// All shares.
void Engine::run_alone(const Period& period) noexcept {
  const auto steps = static_cast<std::uint32_t>(program_->steps.size());
  for (int i = 0; i < period.chunks(); ++i) {
    const Chunk chunk = period.chunk(i);
    if (program_->shares.size() == 1) {
      Walk walk(program_->shares.front(), pool_, chunk);
      for (std::uint32_t step = 0; step < steps; ++step) walk.run(*program_, step);
    } else {
      for (std::uint32_t step = 0; step < steps; ++step)
        Walk(program_->shares[program_->share_of[step]], pool_, chunk).run(*program_, step);
    }
  }
}

/// What was found on the way.
void Engine::gather(Share& share) noexcept {
  for (const Fault& fault : share.faults)
    reports_.push({.what = Report::What::fault, .from = fault.from, .time = fault.time});
  share.faults.clear();
  guard_.gather(share);
  pool_.release(share.taken);
  restless_until_ = std::max(restless_until_, share.restless_until);
}

/// Sorts what has been sent into the lists of the instances, as long as there is room.
void Engine::take_events() noexcept {
  // An event leaves the queue when its node has been looked at: the node lives as long.
  unsigned taken = 0;
  for (; !pool_.full() && events_.read_available() > 0; events_.pop()) {
    ++taken;
    const Event& event = events_.front();
    if (event.target == nullptr) {
      pool_.eras.end(event.era, event.time);
      continue;
    }
    Instance& node = *event.target;
    if (event.held)
      take_held(event);
    else if (node.retired.load(std::memory_order_relaxed))
      pool_.release(node.waiting);
    else
      pool_.insert(node.waiting, event);
  }
  if (taken > 0 && accounting_.load(std::memory_order_relaxed))
    reports_.push({.what = Report::What::took, .time = now_, .count = taken});
}

void Engine::take_held(Event event) noexcept {
  if (pool_.eras.is_void(event)) return;
  if (event.target->left || event.target->retired.load(std::memory_order_relaxed)) return;
  if (event.era > let_go_era_) return pool_.insert(held_, event);
  event.held = false;
  event.time += let_go_at_;
  pool_.insert(event.target->waiting, event);
}

bool Engine::end_era(Frames from) {
  const std::uint32_t ends = era();
  if (!events_.push({.time = from, .target = nullptr, .era = ends})) return false;
  era_.store(ends + 1, std::memory_order_release);
  return true;
}

void Engine::break_off(int offset, std::uint32_t era) noexcept {
  pool_.eras.end(era, now_ + offset);
  pool_.drop_if(held_, [](const Event&) { return false; });
  account_for(Report::What::broke_off, offset, era);
}

std::uint32_t Engine::let_go(int offset, std::uint32_t era) noexcept {
  let_go_era_ = era;
  let_go_at_ = now_ + offset;
  for (std::uint32_t left = held_.count; left > 0; --left) take_held(pool_.take_first(held_));
  account_for(Report::What::let_go, offset, era);
  return let_go_era_;
}

void Engine::account_for(Report::What what, int offset, std::uint32_t era) noexcept {
  if (accounting_.load(std::memory_order_relaxed))
    reports_.push({.what = what, .time = now_ + offset, .count = static_cast<unsigned>(offset), .era = era});
}

/// The era that was let go, or 0.
std::uint32_t Engine::follow(const Message& message, int offset) noexcept {
  switch (clock_gate_.hear(message)) {
    case ClockGate::Does::let_go:
      return let_go(offset);
    case ClockGate::Does::break_off:
      break_off(offset);
      break;
    case ClockGate::Does::nothing:
      break;
  }
  return 0;
}

void Engine::hear(unsigned port, int offset, const Message& message) noexcept {
  if (program_ == nullptr || port >= program_->midi.size()) return;
  const MidiBinding& binding = program_->midi[port];
  const bool follows = binding.leads && message.is_of_clock();
  const std::uint32_t era = follows ? follow(message, offset) : 0;
  const bool told = follows || binding.told || reporting_midi_.load(std::memory_order_relaxed) ||
                    accounting_.load(std::memory_order_relaxed);
  if (told && !reports_.push({.what = Report::What::heard,
                              .time = now_ + offset,
                              .count = static_cast<unsigned>(offset),
                              .at = &binding,
                              .message = message,
                              .era = era}))
    ++unheard_;
  if (message.is_of_clock()) return;
  for (Instance* node : binding.listeners) {
    if (pool_.full())
      ++unheard_;
    else
      pool_.insert(node->waiting, {.time = now_ + offset, .target = node, .tells = true, .message = message});
  }
}

void Engine::report_readings() noexcept {
  if (program_ == nullptr) return;
  for (const std::uint32_t index : program_->readers) {
    const Instance& node = *program_->steps[index].instance;
    Report report{.what = Report::What::reading, .from = &node, .time = now_};
    node.node->read(std::span(report.readings).first(std::min(kMostReadings, node.spec->readings.size())));
    reports_.push(report);  // a full queue loses a reading; the next one says more
  }
}

}  // namespace perigee
