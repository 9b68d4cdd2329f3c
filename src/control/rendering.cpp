// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/rendering.h"

#include <algorithm>

#include "terminal/interruption.h"

namespace perigee {

namespace {

constexpr double kDefaultSeconds = 10;

}  // namespace

Rendering::Rendering(LoadedPatch patch, const std::vector<InputFile>& inputs, const Options& options)
    : rate_(patch.program->rate),
      in_(channels_from(inputs, *patch.program)),
      out_channels_(patch.program->out_channels),
      loops_(std::move(patch.loops)),
      conductor_(engine_, rate_),
      workers_(engine_, patch.plan.threads()) {
  for (const PortFile& place : options.midi) midi_.push_back(read_midi(place, *patch.program));
  conductor_.start(0, patch.patch.tempo);
  if (loops_ != nullptr)
    conductor_.know(loops_->start_loops(0, patch.patch, *patch.moment), *patch.moment,
                    patch.program->instances);
  for (const PortFile& place : options.outputs) {
    OutputFile& output = outputs_.emplace_back(place, *patch.program);
    if (!options.raw) output.start_at(patch.plan.timing.arrivals[output.port().node].at);
  }
  if (options.seconds == 0 && !(inputs.empty() && midi_.empty())) {
    for (const MidiTrack& track : midi_) wanted_ = std::max(wanted_, track.frames(rate_));
    for (const auto& channel : in_) wanted_ = std::max(wanted_, static_cast<Frames>(channel.size()));
  } else {
    wanted_ = static_cast<Frames>((options.seconds > 0 ? options.seconds : kDefaultSeconds) * rate_ + 0.5);
  }
  all_ = wanted_;
  for (const OutputFile& output : outputs_) all_ = std::max(all_, wanted_ + output.start());
  engine_.guard(options.limit);
  engine_.publish(std::move(patch.program));
}

void Rendering::run(const Periods& periods, Reporter& reporter,
                    const std::function<void(Frames done)>& progress) {
  Frames at = 0;
  // What is heard is answered in time only if a period does not last until then.
  Periods wanted = periods;
  const int shortest = std::max(1, static_cast<int>(kAnswerSeconds * rate_));
  if (loops_ != nullptr && !loops_->asks().empty()) wanted.frames = std::min(wanted.frames, shortest);
  run_offline(
      engine_, in_, out_channels_, all_, wanted,
      [&](std::span<const float* const> channels, int frames) {
        for (OutputFile& output : outputs_) output.take(channels, at, frames, wanted_);
        at += frames;
        report(reporter);
        progress(at);
        return console::interrupted_by() == 0;
      },
      [this](Frames start, int frames) { prepare(start, frames); });
  engine_.report_readings();
  report(reporter);
}

/// What loops ask for can only be as much at a time as there is room for on its way to the engine.
void Rendering::prepare(Frames at, int frames) {
  if (loops_ != nullptr) {
    auto more = conductor_.play(*loops_, at + frames);
    mistakes_.insert(mistakes_.end(), more.begin(), more.end());
    conductor_.take_errands(at + frames);  // there is nobody outside
  }
  for (MidiTrack& track : midi_)
    for (; !track.left.empty() && track.left.front().time < at + frames; track.left = track.left.subspan(1))
      engine_.hear(track.port, static_cast<int>(track.left.front().time - at), track.left.front().message);
}

void Rendering::close() {
  for (OutputFile& output : outputs_) output.complete();
  for (OutputFile& output : outputs_) output.close();
}

void Rendering::report(Reporter& reporter) {
  for (Report report; engine_.receive(report);) {
    if (report.what != Report::What::heard)
      reporter.take(report, rate_);
    else if (loops_ != nullptr)
      conductor_.hear(*loops_, report);
  }
}

}  // namespace perigee
