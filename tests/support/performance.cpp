// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/performance.h"

#include "control/conductor.h"

namespace perigee::test {

Performance perform(LoadedPatch patch, const Sound& in, Frames frames, const Periods& periods,
                    const std::vector<files::TimedMessage>& midi) {
  Engine engine;
  Conductor conductor(engine, patch.program->rate);
  conductor.start(0, patch.patch.tempo);
  if (patch.loops != nullptr)
    conductor.know(patch.loops->start_loops(0, patch.patch, *patch.moment), *patch.moment,
                   patch.program->instances);
  const auto ports = static_cast<unsigned>(patch.program->midi.size());
  const unsigned channels = patch.program->out_channels;
  std::vector<std::shared_ptr<Instance>> speakers;
  for (const MidiOutput& output : patch.program->midi_outputs) speakers.push_back(output.speaker);
  engine.publish(std::move(patch.program));
  Performance performance{.out = Sound(channels), .mistakes = {}};
  auto next = midi.begin();
  run_offline(
      engine, in, channels, frames, periods,
      [&](std::span<const float* const> heard, int count) {
        for (unsigned lane = 0; lane < channels; ++lane)
          performance.out[lane].insert(performance.out[lane].end(), heard[lane], heard[lane] + count);
        for (Report report; engine.receive(report);) {
          if (report.what == Report::What::heard)
            performance.dropped += static_cast<unsigned>(!conductor.hear(*patch.loops, report));
          else
            performance.faults += static_cast<unsigned>(report.what != Report::What::reading);
        }
        for (const auto& speaker : speakers)
          for (const Spoken& spoken : speaker->node->speak(count))
            performance.said.push_back({engine.now() - count + spoken.offset, spoken.message});
        for (Errand& errand : conductor.take_errands(engine.now())) {
          performance.errands.push_back(std::move(errand));
          performance.asked.push_back(engine.now());
        }
        return true;
      },
      [&](Frames at, int count) {
        if (patch.loops != nullptr)
          for (Mistake& mistake : conductor.play(*patch.loops, at + count))
            performance.mistakes.push_back(std::move(mistake));
        for (; next != midi.end() && next->time < at + count; ++next)
          for (unsigned port = 0; port < ports; ++port)
            engine.hear(port, static_cast<int>(next->time - at), next->message);
      });
  return performance;
}

}  // namespace perigee::test
