// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/walk.h"

#include <algorithm>
#include <cmath>

#include "dsp/bounds.h"
#include "dsp/mix.h"
#include "engine/fault.h"
#include "engine/guard.h"
#include "engine/piece.h"

namespace perigee {

namespace {

/// How long a node stays silent after it made a NaN: counted in frames, so that periods do not matter.
constexpr Frames kMute = kChunk;

void write_channel(const float* from, float* to, int frames, bool adds) {
  if (!adds) {
    std::copy_n(from, frames, to);
    return;
  }
  for (int i = 0; i < frames; ++i) to[i] += from[i];
}

/// What would be at a port: what there is, and what a lane brings.
struct Reaching {
  const float* from;
  const float* to;
  bool adds;
  float operator[](int i) const { return adds ? to[i] + from[i] : from[i]; }
};

/// The first frame, from one on, that is above the limit; or `frames`.
int first_loud(const Reaching& lane, int at, int frames, float limit) {
  if (!lane.adds && dsp::all_within(lane.from + at, static_cast<std::size_t>(frames - at), {-limit, limit}))
    return frames;
  while (at < frames && std::abs(lane[at]) <= limit) ++at;
  return at;
}

}  // namespace

void Walk::run_measured(Program& program, std::uint32_t step) noexcept {
  const std::uint64_t before = cycles();
  run(program.steps[step]);
  program.times.add(step, cycles() - before, frames_);
}

void Walk::run(const RunStep& step) noexcept {
  switch (step.op) {
    case Step::Op::hold:
      break;
    case Step::Op::process:
      run_node(step);
      break;
    case Step::Op::bank:
      run_bank(step);
      break;
    case Step::Op::mix:
      run_mix(step);
      break;
    case Step::Op::clamp:
      run_clamp(step);
      break;
    case Step::Op::total:
      run_total(step);
      break;
    case Step::Op::write_line:
      step.line->write(now_, step.in[0].data, frames_);
      break;
    case Step::Op::read_line:
      for (unsigned lane = 0; lane < step.out[0].lanes; ++lane)
        step.line->read(step.lane + lane, now_, step.delay, step.hold, step.out[0][lane], frames_);
      break;
    case Step::Op::read_port:
      for (unsigned lane = 0; lane < step.out[0].lanes; ++lane)
        std::copy_n(chunk_.in[step.channel + lane] + chunk_.offset, frames_, step.out[0][lane]);
      silence_muted(step);
      contain(step, 0, frames_);
      break;
    case Step::Op::write_port:
      run_write_port(step);
      break;
  }
}

/// Up to the first frame that is too loud in any lane; it is silent then, and before that as long as it was
/// so before.
void Walk::run_write_port(const RunStep& step) noexcept {
  Instance& port = *step.instance;
  const Signal& in = step.in[0];
  const auto reaching = [&](unsigned lane) {
    return Reaching{in[lane], chunk_.out[step.channel + lane] + chunk_.offset, step.adds};
  };
  const int from = static_cast<int>(std::clamp<Frames>(port.muted_until - now_, 0, frames_));
  int end = frames_;
  for (unsigned lane = 0; lane < in.lanes; ++lane) end = first_loud(reaching(lane), from, end, chunk_.limit);
  if (end < frames_) {
    float level = 0;
    for (unsigned lane = 0; lane < in.lanes; ++lane) level = std::max(level, std::abs(reaching(lane)[end]));
    const Frames time = now_ + end;
    const bool again = port.muted_until > 0 && time < port.muted_until + Guard::kNotice;
    if (share_.loud.size() < share_.loud.capacity()) share_.loud.push_back({&port, time, level, again});
    port.muted_until = time + Guard::kMute;
  }
  for (unsigned lane = 0; lane < in.lanes; ++lane) {
    float* const to = chunk_.out[step.channel + lane] + chunk_.offset;
    if (!step.adds) {
      std::fill_n(to, from, 0.F);
      std::fill(to + end, to + frames_, 0.F);
    }
    write_channel(in[lane] + from, to + from, end - from, step.adds);
  }
}

/// Of what a step has just made.
void Walk::note_levels(const RunStep& step) const noexcept {
  if (step.op == Step::Op::bank)
    for (const RunStep& member : step.members) note_levels(member);
  if (step.op != Step::Op::process && step.op != Step::Op::total && step.op != Step::Op::read_port) return;
  for (const Output& out : step.out)
    for (unsigned lane = 0; lane < out.lanes; ++lane)
      for (int i = 0; i < frames_; ++i)
        step.instance->loudest = std::max(step.instance->loudest, std::abs(out[lane][i]));
}

bool Walk::quiet(const RunStep& step) const noexcept {
  const Instance& node = *step.instance;
  if (node.ramping_until > now_ || node.muted_until > now_) return false;
  return pool_.next(node.waiting) >= now_ + frames_ - step.arrival;
}

void Walk::run_node(const RunStep& step) noexcept {
  if (!quiet(step)) {
    run_node_in_pieces(step);
    return;
  }
  step.instance->node->process(
      {.frames = frames_, .in = step.in, .param = step.params, .out = step.out, .related = step.related});
  contain(step, 0, frames_);
}

/// What scales is done on the way, as long as none of it moves or is silent; else it runs as it is.
void Walk::run_mix(const RunStep& step) noexcept {
  const auto calm = [&](const RunStep& bank) {
    return std::ranges::all_of(bank.members, [&](const RunStep& one) { return quiet(one); });
  };
  if (!chunk_.watched && (at_rest() || std::ranges::all_of(step.members, calm)))
    if (step.mixdown->scale_and_add(frames_, share_.changes)) return;
  for (const RunStep& bank : step.members) {
    run_bank(bank);
    if (chunk_.watched) note_levels(bank);
  }
  step.mixdown->add(frames_);
}

/// In place, where signals mostly are in bounds, nothing is written.
void Walk::run_clamp(const RunStep& step) const noexcept {
  const Output& out = step.out[0];
  const Signal& in = step.in[0];
  const bool whole = frames_ == kChunk;
  const unsigned runs = whole ? 1 : out.lanes;
  const std::size_t count = whole ? std::size_t{out.lanes} * kChunk : static_cast<std::size_t>(frames_);
  for (unsigned i = 0; i < runs; ++i)
    if (in.data != out.data || !dsp::all_within(in[i], count, step.bounds))
      dsp::hold_within(in[i], out[i], count, step.bounds);
}

/// Parts have been added up for the whole chunk, so this is not split either.
void Walk::run_total(const RunStep& step) noexcept {
  const Output& out = step.out[0];
  for (unsigned lane = 0; lane < out.lanes; ++lane) {
    const auto part = [&](std::size_t i) { return reinterpret_cast<const double*>(step.in[i][2 * lane]); };
    dsp::total(step.in.size(), part, out[lane], frames_);
  }
  silence_muted(step);
  contain(step, 0, frames_);
}

/// One call for all members. Numbers that move in this chunk are signals meanwhile; a member that is silenced
/// has to be split, so then each runs for itself.
void Walk::run_bank(const RunStep& step) noexcept {
  const auto muted = [this](const RunStep& one) { return one.instance->muted_until > now_; };
  if (!at_rest() && std::ranges::any_of(step.members, muted)) {
    for (const RunStep& member : step.members) run_node(member);
    return;
  }
  const bool moving = !at_rest() && move_numbers(step);
  const bool finite = step.bank->run(frames_, !moving && step.bank->seen == share_.changes);
  step.bank->seen = moving ? 0 : share_.changes;
  if (moving) still_numbers(step);
  if (finite) return;
  for (const RunStep& member : step.members) contain(member, 0, frames_);
}

/// Whether there are any.
bool Walk::move_numbers(const RunStep& step) noexcept {
  float* room = share_.moving_numbers.data();
  for (std::size_t i = 0; i < step.members.size(); ++i) {
    const RunStep& member = step.members[i];
    if (quiet(member)) continue;
    const auto& numbers = member.instance->numbers;
    for (int at = 0; at < frames_;) {
      apply_events(member, now_ + at);
      const int length = piece_length(member, at);
      for (std::size_t p = 0; p < numbers.size(); ++p)
        for (int k = at; k < at + length; ++k)
          room[p * kChunk + static_cast<std::size_t>(k)] = numbers[p].at(now_ + k);
      at += length;
    }
    for (unsigned p = 0; p < numbers.size(); ++p, room += kChunk)
      if (member.params[p].data == numbers[p].still()) step.bank->set(i, p, {room, false});
  }
  return room != share_.moving_numbers.data();
}

void Walk::still_numbers(const RunStep& step) noexcept {
  for (std::size_t i = 0; i < step.members.size(); ++i) {
    const auto& numbers = step.members[i].instance->numbers;
    for (unsigned p = 0; p < numbers.size(); ++p)
      if (step.members[i].params[p].data == numbers[p].still())
        step.bank->set(i, p, {numbers[p].still(), true});
  }
}

/// Splits a chunk where an event takes effect or a silenced node wakes.
void Walk::run_node_in_pieces(const RunStep& step) noexcept {
  for (int at = 0; at < frames_;) {
    apply_events(step, now_ + at);
    const int length = piece_length(step, at);
    if (step.instance->muted_until > now_ + at) {
      silence(step.out, at, length);
    } else {
      step.instance->node->process(piece_of(share_, step, now_, at, length));
      contain(step, at, length);
    }
    at += length;
  }
}

void Walk::apply_events(const RunStep& step, Frames now) noexcept {
  Instance& node = *step.instance;
  while (const Event* event = pool_.take_due(node.waiting, now - step.arrival, share_.taken)) {
    node.take(*event, now);
    ++share_.changes;
  }
  share_.restless_until = std::max(share_.restless_until, node.ramping_until);
}

int Walk::piece_length(const RunStep& step, int at) const noexcept {
  const Instance& node = *step.instance;
  Frames end = now_ + frames_;
  if (node.muted_until > now_ + at) end = std::min(end, node.muted_until);
  const Frames event = pool_.next(node.waiting);
  if (event < end - step.arrival) end = event + step.arrival;
  return static_cast<int>(end - now_) - at;
}

void Walk::silence_muted(const RunStep& step) const noexcept {
  const Frames left = step.instance->muted_until - now_;
  if (left > 0) silence(step.out, 0, static_cast<int>(std::min<Frames>(frames_, left)));
}

/// What is not finite never leaves its node: from that frame on the node is silent for a while and starts
/// anew.
void Walk::contain(const RunStep& step, int at, int frames) noexcept {
  const int bad = find_fault(step.out, at, frames);
  if (bad == at + frames) return;
  Instance& node = *step.instance;
  silence(step.out, bad, at + frames - bad);
  if (node.node != nullptr) node.node->reset();
  node.muted_until = now_ + bad + kMute;
  ++share_.changes;
  share_.restless_until = std::max(share_.restless_until, node.muted_until);
  if (share_.faults.size() < share_.faults.capacity()) share_.faults.push_back({&node, now_ + bad});
}

}  // namespace perigee
