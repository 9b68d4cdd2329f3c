// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs programs on the audio thread. Any period is cut into chunks of at most 64 frames; a chunk is one walk
// over the program's steps. One thread controls (publish, collect, send, receive), one thread runs (process),
// and others may help it (work).

#pragma once

#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <memory>

#include "engine/clock_gate.h"
#include "engine/event_pool.h"
#include "engine/guard.h"
#include "engine/handoff.h"
#include "engine/program.h"
#include "engine/report.h"
#include "engine/stopwatch.h"
#include "engine/workers.h"

namespace perigee {

class Engine {
 public:
  Engine();

  // ── Control thread ──

  /// Hands a program to the audio thread, which takes it at its next period. One that was published and not
  /// yet taken is freed here.
  void publish(std::unique_ptr<Program> program);
  /// Frees what the audio thread is done with, once all reports have been received; call it now and then.
  /// True when something was freed. Reports that stay unread while many programs are spent are lost.
  bool collect();
  /// Sends an event, or ends an era if it has no target; false when the queue is full: keep it and try again.
  bool send(const Event& event) {
    return event.target == nullptr ? end_era(event.time) : events_.push(event);
  }
  /// Takes back what was sent in this era (Event::era) and is due from a frame on, and whatever of it is
  /// held; the next era begins. False when the queue is full: try again, and send nothing of the next era
  /// before.
  bool end_era(Frames from);
  /// Counted from 1. Any thread.
  std::uint32_t era() const { return era_.load(std::memory_order_acquire); }
  /// The next report, if there is one. Its instance lives until the next collect().
  bool receive(Report& report) { return reports_.pop(report); }
  /// How much of a period the audio thread needed at most since the last call; 1 is all of it, and too late.
  float longest_share() { return stopwatch_.longest(); }
  /// The same, and the mean, since its own last call.
  Load load() { return stopwatch_.load(); }
  /// From now on steps are measured, or no more: a few nanoseconds for each step, one chunk in
  /// StepTimes::kEvery. Read Program::times of a program that was published and has not been freed.
  void measure(bool on) { measuring_.store(on, std::memory_order_relaxed); }
  /// From now on there is a report of all that the sound depends on: which programs begin, what is heard at
  /// MIDI ports, what clocks do, and when events are taken. Before the first program.
  void account() { accounting_.store(true, std::memory_order_relaxed); }
  /// From now on there is a report of what is heard at any MIDI port, or only where somebody asks about it.
  void report_midi(bool on) { reporting_midi_.store(on, std::memory_order_relaxed); }
  /// No sample at a port is ever above this, where 1 is full scale (engine/guard.h); all that floats hold, if
  /// nobody calls it. Before the first program.
  void guard(float limit) { limit_.store(limit, std::memory_order_relaxed); }
  /// Runs the share of that number, from 1 on, of every program that has so many, in a thread of its own; one
  /// that no thread runs is the audio thread's too. Returns after end_work(): before the engine ends.
  void work(unsigned share) noexcept { workers_.work(share); }
  void end_work() noexcept { workers_.end(); }
  /// The thread that runs, and those that help it, are not real-time.
  void yield() noexcept { workers_.yield(); }
  /// Engine time at the start of the next period, frames since the first. Any thread.
  Frames now() const { return published_now_.load(std::memory_order_acquire); }

  // ── Audio thread ──

  /// Whether a program waits to be taken: this may be the last period of the one that runs.
  bool waiting() const noexcept { return handoff_.waiting(); }
  /// The program that run() runs, after a waiting one has been taken; nullptr before the first. Wait-free.
  Program* take() noexcept {
    return take([](Program&) {});
  }
  /// `lead_over` is called with the one that was waiting before the one that ran is given back, which may be
  /// freed from then on.
  template <class LeadOver>
  Program* take(LeadOver lead_over) noexcept {
    return handoff_.take([&](Program& program) {
      begin(program);
      lead_over(program);
    });
  }
  /// What was sent ahead, in this era and those before, is void from so many frames after the start of the
  /// next period on. Wait-free.
  void break_off(int offset = 0) noexcept { break_off(offset, era()); }
  void break_off(int offset, std::uint32_t era) noexcept;
  /// Events of this era that are held are due from there on: their times count from that frame. Returns the
  /// era.
  std::uint32_t let_go(int offset = 0) noexcept { return let_go(offset, era()); }
  std::uint32_t let_go(int offset, std::uint32_t era) noexcept;
  /// A message at a MIDI port of that program, so many frames into the period that run() is about to run.
  /// Every node that hears the port takes it at the frame where what sounds then passes it. The clock of the
  /// port that leads lets go and breaks off what loops have sent ahead. Wait-free.
  void hear(unsigned port, int offset, const Message& message) noexcept;
  /// Runs one period of any length. `in` and `out` hold the channels of the driver; the program's ports say
  /// which are theirs. Channels that no port writes are silent. Wait-free.
  void run(const float* const* in, unsigned in_channels, float* const* out, unsigned out_channels,
           int frames) noexcept;
  /// Both, for drivers whose channels are the same for every program.
  void process(const float* const* in, unsigned in_channels, float* const* out, unsigned out_channels,
               int frames) noexcept;

  /// Offline only, in place of the audio thread: readings of all meters as they are now.
  void report_readings() noexcept;

 private:
  static constexpr std::size_t kEvents = 4096;  ///< on their way at once

  void begin(Program& program) noexcept;
  void run_rounds(const float* const* in, float* const* out, int frames) noexcept;
  void run_round(const Period& period) noexcept;
  void run_alone(const Period& period) noexcept;
  void gather(Share& share) noexcept;
  void set(const Event& event, Frames now) noexcept;
  void take_events() noexcept;
  void take_held(Event event) noexcept;
  void account_for(Report::What what, int offset, std::uint32_t era) noexcept;
  std::uint32_t follow(const Message& message, int offset) noexcept;

  boost::lockfree::spsc_queue<Event, boost::lockfree::capacity<kEvents>> events_;
  boost::lockfree::spsc_queue<Report, boost::lockfree::capacity<4096>> reports_;
  Handoff<Program> handoff_;
  std::vector<std::unique_ptr<Program>> spent_;  ///< the control thread's: to be freed
  std::atomic<Frames> published_now_{0};
  std::atomic<float> limit_{std::numeric_limits<float>::max()};
  std::atomic<bool> measuring_{false}, accounting_{false}, reporting_midi_{false};
  Stopwatch stopwatch_;
  std::atomic<std::uint32_t> era_{1};

  Workers workers_;

  // The audio thread's.
  Program* program_ = nullptr;
  Frames now_ = 0;
  Frames next_readings_ = 0;
  unsigned chunks_ = 0;
  unsigned unheard_ = 0;       ///< messages for which there was no room; not told yet
  Frames restless_until_ = 0;  ///< no number moves and no node is muted from here on
  EventPool pool_;
  EventList held_;                ///< events that wait for let_go(), which was …
  std::uint32_t let_go_era_ = 0;  ///< … last called in this era, …
  Frames let_go_at_ = 0;          ///< … at this frame
  ClockGate clock_gate_;
  Guard guard_;
};

}  // namespace perigee
