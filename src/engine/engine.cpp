// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/engine.h"

#include <algorithm>

#include "dsp/instructions.h"
#include "engine/fault.h"
#include "engine/piece.h"
#include "engine/realtime.h"

namespace perigee {

namespace {

constexpr std::uint32_t kWaitingEvents = 16384;
/// How long a node stays silent after it made a NaN: counted in frames, so that periods do not matter.
constexpr Frames kMute = kChunk;
constexpr double kReadingsASecond = 10;
/// Programs that wait to be freed: with so many, no more are taken back until there is room in the pool of
/// events, and what nobody received of reports is lost.
constexpr std::size_t kMostSpent = 16;

void write_channel(const float* from, float* to, int frames, bool adds) {
  if (!adds) {
    std::copy_n(from, frames, to);
    return;
  }
  for (int i = 0; i < frames; ++i) to[i] += from[i];
}

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

Program* Engine::take() noexcept {
  return handoff_.take([this](Program& program) { begin(program); });
}

void Engine::begin(Program& program) noexcept {
  program_ = &program;
  ++changes_;
  for (Instance* node : program.leaving) pool_.release(node->waiting);
  for (const Handover& number : program.handovers) {
    number.to->numbers[0] = number.from->numbers[number.param];
    number.to->ramping_until = number.from->ramping_until;
  }
  for (const Event& event : program.on_start) set(event, now_);
  program.started.store(now_, std::memory_order_release);
}

void Engine::set(const Event& event, Frames now) noexcept {
  ++changes_;
  event.target->set(event, now);
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
  stopwatch_.stop(frames, program_->rate);
}

void Engine::run_chunk(const float* const* in, float* const* out, int offset, int frames) noexcept {
  for (const RunStep& step : program_->steps) {
    switch (step.op) {
      case Step::Op::hold:
        break;
      case Step::Op::process:
        run_node(step, frames);
        break;
      case Step::Op::bank:
        run_bank(step, frames);
        break;
      case Step::Op::mix:
        run_mix(step, frames);
        break;
      case Step::Op::total:
        run_total(step, frames);
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
          silence(step.out, 0, static_cast<int>(std::min<Frames>(frames, step.instance->muted_until - now_)));
        contain(step, 0, frames);
        break;
      case Step::Op::write_port:
        for (unsigned lane = 0; lane < step.in[0].lanes; ++lane)
          write_channel(step.in[0][lane], out[step.channel + lane] + offset, frames, step.adds);
        break;
    }
  }
}

bool Engine::quiet(const RunStep& step, int frames) const noexcept {
  const Instance& node = *step.instance;
  if (node.ramping_until > now_ || node.muted_until > now_) return false;
  return pool_.next(node.waiting) >= now_ + frames - step.arrival;
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

/// What scales is done on the way, as long as none of it moves or is silent; else it runs as it is.
void Engine::run_mix(const RunStep& step, int frames) noexcept {
  const auto calm = [&](const RunStep& bank) {
    return std::ranges::all_of(bank.members, [&](const RunStep& one) { return quiet(one, frames); });
  };
  if (at_rest() || std::ranges::all_of(step.members, calm))
    if (step.mixdown->scale_and_add(frames, changes_)) return;
  for (const RunStep& bank : step.members) run_bank(bank, frames);
  step.mixdown->add(frames);
}

/// Parts have been added up for the whole chunk, so this is not split either.
void Engine::run_total(const RunStep& step, int frames) noexcept {
  const Output& out = step.out[0];
  for (unsigned lane = 0; lane < out.lanes; ++lane) {
    const auto part = [&](std::size_t i) { return reinterpret_cast<const double*>(step.in[i][2 * lane]); };
    dsp::total(step.in.size(), part, out[lane], frames);
  }
  if (step.instance->muted_until > now_)
    silence(step.out, 0, static_cast<int>(std::min<Frames>(frames, step.instance->muted_until - now_)));
  contain(step, 0, frames);
}

/// One call for all members. Numbers that move in this chunk are signals meanwhile; a member that is silenced
/// has to be split, so then each runs for itself.
void Engine::run_bank(const RunStep& step, int frames) noexcept {
  const auto muted = [this](const RunStep& one) { return one.instance->muted_until > now_; };
  if (!at_rest() && std::ranges::any_of(step.members, muted)) {
    for (const RunStep& member : step.members) run_node(member, frames);
    return;
  }
  const bool moving = !at_rest() && move_numbers(step, frames);
  const bool finite = step.bank->run(frames, !moving && step.bank->seen == changes_);
  step.bank->seen = moving ? 0 : changes_;
  if (moving) still_numbers(step);
  if (finite) return;
  for (const RunStep& member : step.members) contain(member, 0, frames);
}

/// Whether there are any.
bool Engine::move_numbers(const RunStep& step, int frames) noexcept {
  float* room = program_->moving_numbers.data();
  for (std::size_t i = 0; i < step.members.size(); ++i) {
    const RunStep& member = step.members[i];
    if (quiet(member, frames)) continue;
    const auto& numbers = member.instance->numbers;
    for (int at = 0; at < frames;) {
      apply_events(member, now_ + at);
      const int length = piece_length(member, at, frames);
      for (std::size_t p = 0; p < numbers.size(); ++p)
        for (int k = at; k < at + length; ++k)
          room[p * kChunk + static_cast<std::size_t>(k)] = numbers[p].at(now_ + k);
      at += length;
    }
    for (unsigned p = 0; p < numbers.size(); ++p, room += kChunk)
      if (member.params[p].data == numbers[p].still()) step.bank->set(i, p, {room, false});
  }
  return room != program_->moving_numbers.data();
}

void Engine::still_numbers(const RunStep& step) noexcept {
  for (std::size_t i = 0; i < step.members.size(); ++i) {
    const auto& numbers = step.members[i].instance->numbers;
    for (unsigned p = 0; p < numbers.size(); ++p)
      if (step.members[i].params[p].data == numbers[p].still())
        step.bank->set(i, p, {numbers[p].still(), true});
  }
}

/// Splits a chunk where an event takes effect or a silenced node wakes.
void Engine::run_node_in_pieces(const RunStep& step, int frames) noexcept {
  for (int at = 0; at < frames;) {
    apply_events(step, now_ + at);
    const int length = piece_length(step, at, frames);
    if (step.instance->muted_until > now_ + at) {
      silence(step.out, at, length);
    } else {
      step.instance->node->process(piece_of(*program_, step, now_, at, length));
      contain(step, at, length);
    }
    at += length;
  }
}

void Engine::apply_events(const RunStep& step, Frames now) noexcept {
  Instance& node = *step.instance;
  while (const Event* event = pool_.take_due(node.waiting, now - step.arrival)) set(*event, now);
}

int Engine::piece_length(const RunStep& step, int at, int frames) const noexcept {
  const Instance& node = *step.instance;
  Frames end = now_ + frames;
  if (node.muted_until > now_ + at) end = std::min(end, node.muted_until);
  const Frames event = pool_.next(node.waiting);
  if (event < end - step.arrival) end = event + step.arrival;
  return static_cast<int>(end - now_) - at;
}

/// What is not finite never leaves its node: from that frame on the node is silent for a while and starts
/// anew.
void Engine::contain(const RunStep& step, int at, int frames) noexcept {
  const int bad = find_fault(step.out, at, frames);
  if (bad == at + frames) return;
  Instance& node = *step.instance;
  silence(step.out, bad, at + frames - bad);
  if (node.node != nullptr) node.node->reset();
  node.muted_until = now_ + bad + kMute;
  ++changes_;
  restless_until_ = std::max(restless_until_, node.muted_until);
  reports_.push({.what = Report::What::fault, .from = &node, .time = now_ + bad});
}

/// Sorts what has been sent into the lists of the instances, as long as there is room.
void Engine::take_events() noexcept {
  // An event leaves the queue when its node has been looked at: the node lives as long.
  for (; !pool_.full() && events_.read_available() > 0; events_.pop()) {
    const Event& event = events_.front();
    Instance& node = *event.target;
    if (node.retired.load(std::memory_order_relaxed))
      pool_.release(node.waiting);
    else
      pool_.insert(node.waiting, event);
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
