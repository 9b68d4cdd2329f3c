// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plan/plan.h"
#include "terminal/interruption.h"

namespace perigee {

void Replay::does_not_fit(Frames at, int line) const {
  throw Misfit(
      fmt::format("{}:{}: the log does not fit together at frame {}: it has a gap, or is another version's",
                  log_.file.string(), line, at));
}

void Replay::tell(Destinations& destinations) const {
  for (const PerformanceLog::Edit& edit : log_.edits)
    if (edit.patch) destinations.read(*edit.patch);
}

Frames Replay::boundary_after(Frames at) const {
  Frames next = std::min(log_.end, at + Frames{kLongestPeriod});
  const auto look = [&](const auto& items, const auto& frame_of) {
    for (const auto& item : items) {
      if (frame_of(item) <= at) continue;
      next = std::min(next, frame_of(item));
      return;
    }
  };
  look(log_.edits, [](const PerformanceLog::Edit& one) { return one.seen.now; });
  look(log_.begun, [](const PerformanceLog::Count& one) { return one.at; });
  look(log_.taken, [](const PerformanceLog::Count& one) { return one.at; });
  look(log_.heard, [](const PerformanceLog::Heard& one) { return one.period; });
  look(log_.clock, [](const PerformanceLog::Clock& one) { return one.period; });
  return next;
}

void Replay::take_on(const PerformanceLog::Edit& edit) {
  std::vector<Mistake> mistakes;
  Plan plan = compile(*edit.patch, log_.rate, mistakes, kBankLanes, {}, memory_);
  if (mistakes.empty()) editor_.edit(*edit.patch, plan, mistakes);
  if (!mistakes.empty()) throw Misfit(to_string(mistakes.front()));
  nodes_.know(editor_.instances());
}

void Replay::edit(const PerformanceLog::Edit& edit) {
  const std::size_t before = ready_.size();
  held_ = edit.seen.held;
  if (edit.patch) {
    try {
      take_on(edit);
    } catch (const std::exception& error) {  // a file that is gone, or too little memory
      throw Misfit(fmt::format("{}:{}: {}", log_.file.string(), edit.line, error.what()));
    }
  } else {
    editor_.attend();
    if (ready_.size() == before) does_not_fit(edit.seen.now, edit.line);
  }
  if (editor_.seen().now != edit.seen.now || editor_.seen().begun != edit.seen.begun)
    does_not_fit(edit.seen.now, edit.line);
}

void Replay::edit_at(Frames at, bool begun) {
  while (!log_.edits.empty() && log_.edits.front().seen.now == at &&
         (log_.edits.front().seen.begun == at) == begun) {
    edit(log_.edits.front());
    log_.edits.pop_front();
  }
}

void Replay::begin_at(Frames at, const Options& options) {
  for (; !log_.begun.empty() && log_.begun.front().at == at; log_.begun.pop_front()) {
    if (ready_.empty()) does_not_fit(at, log_.begun.front().line);
    auto program = std::move(ready_.front());
    ready_.pop_front();
    midi_.clear();
    for (const MidiBinding& port : program->midi) midi_.push_back(port.name);
    in_ = channels_from(inputs_, *program);
    out_channels_ = program->out_channels;
    if (outputs_.empty())
      for (const PortFile& place : options.outputs) outputs_.emplace_back(place, *program);
    else
      for (OutputFile& output : outputs_) output.follow(*program);
    engine_.publish(std::move(program));
  }
}

/// What the audio thread does at the beginning of a period.
void Replay::play_at(Frames at) {
  for (; !log_.clock.empty() && log_.clock.front().period == at; log_.clock.pop_front()) {
    const PerformanceLog::Clock& one = log_.clock.front();
    if (one.starts)
      engine_.let_go(one.offset, one.era);
    else
      engine_.break_off(one.offset, one.era);
  }
  for (; !log_.heard.empty() && log_.heard.front().period == at; log_.heard.pop_front()) {
    const PerformanceLog::Heard& one = log_.heard.front();
    const auto port = std::ranges::find(midi_, one.port);
    if (port == midi_.end()) does_not_fit(at, one.line);
    engine_.hear(static_cast<unsigned>(port - midi_.begin()), one.offset, one.message);
  }
  for (; !log_.taken.empty() && log_.taken.front().at == at; log_.taken.pop_front()) {
    if (log_.taken.front().count > log_.sent.size()) does_not_fit(at, log_.taken.front().line);
    for (unsigned i = 0; i < log_.taken.front().count; ++i) {
      send(log_.sent.front(), at);
      log_.sent.pop_front();
    }
  }
}

void Replay::send(const PerformanceLog::Sent& one, Frames at) {
  if (one.node && *one.node >= nodes_.count()) does_not_fit(at, one.line);
  const auto node = one.node ? nodes_.at(*one.node) : nullptr;
  if (one.node && node == nullptr) return;  // it is gone
  Event event = one.event;
  event.target = node.get();
  if (node != nullptr && !event.tells) {
    if (event.param >= node->numbers.size()) does_not_fit(at, one.line);
    const Param& param = node->spec->params[event.param];
    const auto min = static_cast<float>(param.min), max = static_cast<float>(param.max);
    if (!(event.value >= min && event.value <= max))
      throw Misfit(fmt::format("{}:{}: {} {} is not from {} to {}", log_.file.string(), one.line, param.name,
                               event.value, param.min, param.max));
  }
  if (!engine_.send(event)) does_not_fit(at, one.line);
}

/// What should have been played before would never be.
void Replay::check_nothing_is_behind(Frames at) const {
  const auto check = [&](const auto& items, const auto& frame_of) {
    if (!items.empty() && frame_of(items.front()) < at) does_not_fit(at, items.front().line);
  };
  check(log_.edits, [](const PerformanceLog::Edit& one) { return one.seen.now; });
  check(log_.begun, [](const PerformanceLog::Count& one) { return one.at; });
  check(log_.taken, [](const PerformanceLog::Count& one) { return one.at; });
  check(log_.heard, [](const PerformanceLog::Heard& one) { return one.period; });
  check(log_.clock, [](const PerformanceLog::Clock& one) { return one.period; });
}

/// Behind its end is silence, however long the performance.
const float* Replay::given(std::vector<float>& channel, Frames at, std::size_t frames) {
  const auto from = static_cast<std::size_t>(at);
  if (from >= channel.size()) {
    silence_.resize(std::max(silence_.size(), frames));
    return silence_.data();
  }
  if (channel.size() < from + frames) channel.resize(from + frames);
  return channel.data() + from;
}

bool Replay::run(const Options& options, Reporter& reporter,
                 const std::function<void(Frames done)>& progress) {
  std::vector<std::vector<float>> out;
  inputs_ = resampled(options.inputs, log_.rate);
  for (Frames at = 0; at < log_.end;) {
    check_nothing_is_behind(at);
    edit_at(at, false);
    begin_at(at, options);
    engine_.collect();
    engine_.take();
    edit_at(at, true);
    play_at(at);
    const int frames = static_cast<int>(boundary_after(at) - at);
    const auto size = static_cast<std::size_t>(frames);
    out.assign(out_channels_, std::vector<float>(size));
    std::vector<const float*> from, heard;
    std::vector<float*> to;
    for (auto& channel : in_) from.push_back(given(channel, at, size));
    for (auto& channel : out) {
      to.push_back(channel.data());
      heard.push_back(channel.data());
    }
    engine_.run(from.data(), static_cast<unsigned>(from.size()), to.data(), out_channels_, frames);
    for (OutputFile& output : outputs_) output.take(heard, at, frames, log_.end);
    for (Report report; engine_.receive(report);) reporter.take(report, log_.rate);
    at += frames;
    progress(at);
    if (console::interrupted_by() != 0) return false;
  }
  for (OutputFile& output : outputs_) output.complete();
  for (OutputFile& output : outputs_) output.close();
  return true;
}

}  // namespace perigee
