// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/rendering.h"

#include <algorithm>

namespace perigee {

namespace {

constexpr double kDefaultSeconds = 10;

}  // namespace

Rendering::Rendering(LoadedPatch patch, const std::vector<InputFile>& inputs, const Options& options)
    : rate_(patch.program->rate),
      in_(channels_from(inputs, *patch.program)),
      out_channels_(patch.program->out_channels),
      workers_(engine_, patch.plan.threads()) {
  for (const PortFile& place : options.outputs) {
    OutputFile& output = outputs_.emplace_back(place, *patch.program);
    if (!options.raw) output.start_at(patch.plan.timing.arrivals[output.port().node].at);
  }
  if (options.seconds == 0 && !inputs.empty()) {
    for (const auto& channel : in_) wanted_ = std::max(wanted_, static_cast<Frames>(channel.size()));
  } else {
    wanted_ = static_cast<Frames>((options.seconds > 0 ? options.seconds : kDefaultSeconds) * rate_ + 0.5);
  }
  all_ = wanted_;
  for (const OutputFile& output : outputs_) all_ = std::max(all_, wanted_ + output.start());
  engine_.publish(std::move(patch.program));
}

void Rendering::run(const Periods& periods, Reporter& reporter,
                    const std::function<void(Frames done)>& progress) {
  Frames at = 0;
  run_offline(engine_, in_, out_channels_, all_, periods,
              [&](std::span<const float* const> channels, int frames) {
                for (OutputFile& output : outputs_) output.take(channels, at, frames, wanted_);
                at += frames;
                report(reporter);
                progress(at);
                return true;
              });
  engine_.report_readings();
  report(reporter);
}

void Rendering::close() {
  for (OutputFile& output : outputs_) output.close();
}

void Rendering::report(Reporter& reporter) {
  for (Report report; engine_.receive(report);) reporter.take(report, rate_);
}

}  // namespace perigee
