// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/engine.h"

#include <algorithm>
#include <cmath>

#include "dsp/finite.h"
#include "engine/realtime.h"

namespace perigee {

namespace {

constexpr std::uint32_t kWaitingEvents = 16384;
/// How long a node stays silent after it made a NaN: counted in frames, so that periods do not matter.
constexpr Frames kMute = kChunk;
constexpr double kReadingsASecond = 10;

void clear(const RunStep& step, int at, int frames) {
  for (const Output& out : step.out)
    for (unsigned lane = 0; lane < out.lanes; ++lane) std::fill_n(out[lane] + at, frames, 0.F);
}

/// The first frame of a piece in which any lane is not finite; its end when all are.
int first_bad_frame(const RunStep& step, int at, int frames) {
  int first = at + frames;
  for (const Output& out : step.out)
    for (unsigned lane = 0; lane < out.lanes; ++lane)
      for (int i = at; i < first; ++i)
        if (!std::isfinite(out[lane][i])) first = i;
  return first;
}

bool is_finite(const RunStep& step, int at, int frames) {
  return std::ranges::all_of(step.out, [&](const Output& out) {
    if (frames == kChunk) return dsp::all_finite(out.data, std::size_t{out.lanes} * kChunk);
    for (unsigned lane = 0; lane < out.lanes; ++lane)
      if (!dsp::all_finite(out[lane] + at, static_cast<std::size_t>(frames))) return false;
    return true;
  });
}

}  // namespace

Engine::Engine() : pool_(kWaitingEvents) {
  find_realtime_guard();
  for (std::uint32_t i = 0; i < kWaitingEvents; ++i)
    pool_[i].next = i + 1 < kWaitingEvents ? i + 1 : kNoEvent;
  free_ = 0;
}

void Engine::publish(std::unique_ptr<Program> program) { handoff_.offer(std::move(program)); }

bool Engine::collect() {
  // An event that is on its way may be for a node of the spent program.
  if (events_.write_available() == kEvents)
    if (auto program = handoff_.collect()) spent_.push_back(std::move(program));
  // So may a report that nobody has received yet.
  if (spent_.empty() || reports_.read_available() > 0) return false;
  spent_.clear();
  return true;
}

Program* Engine::take() noexcept {
  return handoff_.take([this](Program& program) { begin(program); });
}

void Engine::begin(Program& program) noexcept {
  program_ = &program;
  for (Instance* node : program.leaving) release_events(*node);
  for (const Event& event : program.on_start) {
    event.target->numbers[event.param].go(now_, event.value, event.glide, event.curve);
    event.target->ramping_until = std::max(event.target->ramping_until, now_ + event.glide);
  }
  program.started.store(now_, std::memory_order_release);
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
  take_events();
  if (program_ == nullptr || channels_of(program_->inputs) > in_channels ||
      channels_of(program_->outputs) > out_channels) {
    for (unsigned channel = 0; channel < out_channels; ++channel) std::fill_n(out[channel], frames, 0.F);
    published_now_.store(now_, std::memory_order_release);
    return;  // engine time starts with the first program
  }
  for (unsigned channel = channels_of(program_->outputs); channel < out_channels; ++channel)
    std::fill_n(out[channel], frames, 0.F);
  for (int done = 0; done < frames;) {
    const int chunk = std::min(frames - done, kChunk);
    run_chunk(in, out, done, chunk);
    now_ += chunk;
    done += chunk;
  }
  if (now_ >= next_readings_) {
    report_readings();
    next_readings_ = now_ + static_cast<Frames>(program_->rate / kReadingsASecond);
  }
  published_now_.store(now_, std::memory_order_release);
}

void Engine::run_chunk(const float* const* in, float* const* out, int offset, int frames) noexcept {
  for (const RunStep& step : program_->steps) {
    switch (step.op) {
      case Step::Op::process:
        run_node(step, frames);
        break;
      case Step::Op::write_line:
        step.line->write(now_, step.in[0].data, frames);
        break;
      case Step::Op::read_line:
        for (unsigned lane = 0; lane < step.out[0].lanes; ++lane)
          step.line->read(step.lane + lane, now_, step.delay, step.hold, step.out[0][lane], frames);
        break;
      case Step::Op::read_port:
        for (unsigned lane = 0; lane < step.out[0].lanes; ++lane)
          std::copy_n(in[step.channel + lane] + offset, frames, step.out[0][lane]);
        if (step.instance->muted_until > now_)
          clear(step, 0, static_cast<int>(std::min<Frames>(frames, step.instance->muted_until - now_)));
        contain(step, 0, frames);
        break;
      case Step::Op::write_port:
        for (unsigned lane = 0; lane < step.in[0].lanes; ++lane)
          std::copy_n(step.in[0][lane], frames, out[step.channel + lane] + offset);
        break;
    }
  }
}

bool Engine::quiet(const RunStep& step, int frames) const noexcept {
  const Instance& node = *step.instance;
  if (node.ramping_until > now_ || node.muted_until > now_) return false;
  return node.first_event == kNoEvent || pool_[node.first_event].event.time + step.arrival >= now_ + frames;
}

void Engine::run_node(const RunStep& step, int frames) noexcept {
  if (!quiet(step, frames)) {
    run_node_in_pieces(step, frames);
    return;
  }
  step.instance->node->process(
      {.frames = frames, .in = step.in, .param = step.params, .out = step.out, .related = step.related});
  contain(step, 0, frames);
}

/// Splits a chunk where an event takes effect, a ramp ends or a silenced node wakes, so that within a call
/// each number either stands still or moves.
void Engine::run_node_in_pieces(const RunStep& step, int frames) noexcept {
  for (int at = 0; at < frames;) {
    apply_events(step, now_ + at);
    const int length = piece_length(step, at, frames);
    if (step.instance->muted_until > now_ + at) {
      clear(step, at, length);
    } else {
      call(step, at, length);
      contain(step, at, length);
    }
    at += length;
  }
}

void Engine::apply_events(const RunStep& step, Frames until) noexcept {
  Instance& node = *step.instance;
  while (node.first_event != kNoEvent) {
    Waiting& first = pool_[node.first_event];
    if (first.event.time + step.arrival > until) return;
    node.numbers[first.event.param].go(until, first.event.value, first.event.glide, first.event.curve);
    node.ramping_until = std::max(node.ramping_until, until + first.event.glide);
    const std::uint32_t spent = node.first_event;
    node.first_event = first.next;
    if (node.first_event == kNoEvent) node.last_event = kNoEvent;
    first.next = free_;
    free_ = spent;
  }
}

int Engine::piece_length(const RunStep& step, int at, int frames) const noexcept {
  const Instance& node = *step.instance;
  Frames end = now_ + frames;
  const auto stop_at = [&](Frames time) {
    if (time > now_ + at) end = std::min(end, time);
  };
  if (node.first_event != kNoEvent) stop_at(pool_[node.first_event].event.time + step.arrival);
  stop_at(node.muted_until);
  if (node.ramping_until > now_ + at)
    for (const Ramp& number : node.numbers) stop_at(number.end());
  return static_cast<int>(end - now_) - at;
}

/// One piece: the step's views, moved to its first frame; numbers on their way become signals.
void Engine::call(const RunStep& step, int at, int frames) noexcept {
  Program& program = *program_;
  for (std::size_t i = 0; i < step.in.size(); ++i) {
    program.spare_signals[i] = step.in[i];
    program.spare_signals[i].data += at;
  }
  for (std::size_t i = 0; i < step.out.size(); ++i) {
    program.spare_bundles[i] = step.out[i];
    program.spare_bundles[i].data += at;
  }
  for (std::size_t i = 0; i < step.params.size(); ++i) {
    Control control = step.params[i];
    const Ramp& number = step.instance->numbers[i];
    if (control.data != number.still()) {
      control.data += at;
    } else if (number.end() > now_ + at) {
      float* moving = program.spare_ramps.data() + i * kChunk;
      for (int k = 0; k < frames; ++k) moving[k] = number.at(now_ + at + k);
      control = {moving, 0, false};
    }
    program.spare_controls[i] = control;
  }
  step.instance->node->process({.frames = frames,
                                .in = std::span(program.spare_signals).first(step.in.size()),
                                .param = std::span(program.spare_controls).first(step.params.size()),
                                .out = std::span(program.spare_bundles).first(step.out.size()),
                                .related = step.related});
}

/// What is not finite never leaves its node: from that frame on the node is silent for a while and starts
/// anew.
void Engine::contain(const RunStep& step, int at, int frames) noexcept {
  if (is_finite(step, at, frames)) return;
  const int bad = first_bad_frame(step, at, frames);
  Instance& node = *step.instance;
  clear(step, bad, at + frames - bad);
  if (node.node != nullptr) node.node->reset();
  node.muted_until = now_ + bad + kMute;
  reports_.push({.what = Report::What::fault, .from = &node, .time = now_ + bad});
}

/// Sorts what has been sent into the lists of the instances, as long as there is room.
void Engine::take_events() noexcept {
  // An event leaves the queue when its node has been looked at: the node lives as long.
  for (; free_ != kNoEvent && events_.read_available() > 0; events_.pop()) {
    const Event& event = events_.front();
    Instance& node = *event.target;
    if (node.retired.load(std::memory_order_relaxed)) {
      release_events(node);
      continue;
    }
    const std::uint32_t taken = free_;
    free_ = pool_[taken].next;
    pool_[taken] = {event, kNoEvent};
    if (node.first_event == kNoEvent) {
      node.first_event = node.last_event = taken;
    } else if (pool_[node.last_event].event.time <= event.time) {
      pool_[node.last_event].next = taken;
      node.last_event = taken;
    } else {
      std::uint32_t* link = &node.first_event;
      while (pool_[*link].event.time <= event.time) link = &pool_[*link].next;
      pool_[taken].next = *link;
      *link = taken;
    }
  }
}

void Engine::release_events(Instance& node) noexcept {
  if (node.first_event == kNoEvent) return;
  pool_[node.last_event].next = free_;
  free_ = node.first_event;
  node.first_event = node.last_event = kNoEvent;
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
