// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/node_times.h"

#include <algorithm>
#include <array>

#include "drivers/offline.h"

namespace perigee {

namespace {

/// A run has so many chunks that are measured, or more, if it would be over before.
constexpr unsigned kLeastChunks = 4;
constexpr double kLeastSeconds = 0.003;
constexpr Frames kWarmUp = 64 * kChunk;

template <typename Values>
double median(Values& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return static_cast<double>(*middle);
}

class Trial {
 public:
  explicit Trial(std::unique_ptr<Program> program)
      : times_(program->times), in_(program->in_channels), out_channels_(program->out_channels) {
    engine_.publish(std::move(program));
    play(kWarmUp);
    engine_.measure(true);
  }

  void play(Frames frames) {
    run_offline(engine_, in_, out_channels_, frames, {.frames = kChunk}, [](auto, int) { return true; });
  }
  /// Cycles for 64 frames of each step, and the chunks that were measured.
  std::vector<double> round(unsigned measured) {
    const auto before = times_.read();
    play(Frames{measured} * StepTimes::kEvery * kChunk);
    const auto after = times_.read();
    std::vector<double> cycles(before.size());
    for (std::size_t i = 0; i < before.size(); ++i)
      cycles[i] = static_cast<double>(after[i].cycles - before[i].cycles) * kChunk /
                  static_cast<double>(after[i].frames - before[i].frames);
    return cycles;
  }

 private:
  const StepTimes& times_;
  std::vector<std::vector<float>> in_;
  unsigned out_channels_;
  Engine engine_;
};

}  // namespace

double cycles_a_reading() {
  std::array<std::uint64_t, 1001> readings{};
  for (auto& reading : readings) {
    const std::uint64_t before = cycles();
    reading = cycles() - before;
  }
  return median(readings);
}

std::vector<double> times_of_nodes(const Plan& plan, std::span<const double> ns) {
  std::vector<double> of(plan.shapes.size());
  std::vector<std::pair<NodeId, double>> lanes;  ///< that a step runs, by node
  const auto add = [&](const Step& step, const auto& itself) -> void {
    for (const Step& member : step.members) itself(member, itself);
    double own = plan.shapes[step.node].lanes;
    if (step.op == Step::Op::bank) return;
    if (step.op == Step::Op::mix) {
      own = 0;
      for (const Bundle& bundle : step.in) own += bundle.lanes;
    }
    lanes.emplace_back(step.node, own);
  };
  std::size_t at = 0;
  for (const Step& step : plan.steps) {
    if (step.op == Step::Op::hold) continue;
    const double taken = ns[at++];
    lanes.clear();
    add(step, add);
    double all = 0;
    for (const auto& [node, own] : lanes) all += own;
    for (const auto& [node, own] : lanes) of[node] += taken * own / all;
  }
  return of;
}

NodeTimes measure_nodes(const Plan& plan, std::unique_ptr<Program> program, int runs) {
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  const CycleRate rate;
  const auto seconds_since = [](Clock::time_point then) {
    return std::chrono::duration<double>(Clock::now() - then).count();
  };
  NodeTimes result;
  Trial trial(std::move(program));
  unsigned measured = kLeastChunks;
  const auto first = Clock::now();
  trial.round(measured);
  if (const double took = seconds_since(first); took < kLeastSeconds)
    measured = static_cast<unsigned>(measured * std::min(kLeastSeconds / took, 1000.0)) + 1;
  std::vector<std::vector<double>> rounds;
  rounds.reserve(static_cast<std::size_t>(runs));
  for (int i = 0; i < runs; ++i) rounds.push_back(trial.round(measured));

  const double ns = rate.ns(), reading = cycles_a_reading();
  std::vector<double> steps(rounds.front().size());
  std::vector<double> some(rounds.size());
  for (std::size_t step = 0; step < steps.size(); ++step) {
    for (std::size_t i = 0; i < some.size(); ++i) some[i] = rounds[i][step];
    steps[step] = std::max(median(some) - reading, 0.0) * ns;
    result.ns_a_chunk += steps[step];
  }
  result.ns = times_of_nodes(plan, steps);
  result.ns_a_reading = reading * ns;
  result.readings = steps.size();
  result.chunks = std::uint64_t{measured} * rounds.size();
  result.seconds = seconds_since(began);
  return result;
}

}  // namespace perigee
