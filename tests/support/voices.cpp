// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/voices.h"

#include <algorithm>

#include "drivers/worker_threads.h"
#include "engine/build.h"
#include "support/play.h"

namespace perigee::test {

namespace {

/// Sounds that are scaled in all ways on their way into one sum: by numbers and by signals, some too large
/// for a float, some heard elsewhere as well, some late.
void add_scaled(PatchMaker& maker, const std::vector<Source>& sounds, std::mt19937_64& random) {
  const auto any = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  const Source slow = maker.add("sine", {}, {{"hz", 5.0}});
  const Source both = maker.add("lanes", {}, {}, {{"values", std::vector<double>{0.5, -0.25}}});
  std::vector<Source> scaled{slow};
  const bool late = any(3) == 0;  // then most wires into the sum are delayed
  for (const Source& sound : sounds) {
    Source at = sound;
    for (int i = any(4); i > 0; --i) {
      const double numbers[] = {-0.5, 0, 2, 1e25, 1e30};
      if (any(2) == 0)
        at = maker.add("gain", {at}, {{"level", any(40) - 30.0}});
      else
        at = maker.add("multiply", {at}, {{"by", any(10) == 0 ? Setting(slow) : Setting(numbers[any(5)])}});
      if (late && any(20) == 0) at = maker.add("lag", {at}, {}, {{"frames", 1.0 + any(200)}});
      if (any(20) == 0) scaled.push_back(at);
    }
    if (any(8) != 0) at = maker.add("pan", {at}, {{"position", any(200) * 0.01 - 1}});
    if (any(4) == 0) at = maker.add("multiply", {at}, {{"by", both}});
    if (any(10) == 0) maker.output("scaled" + std::to_string(at.node), at);
    if (any(20) != 0) scaled.push_back(at);
  }
  maker.output("scaled", maker.add("sum", scaled));
}

}  // namespace

Patch random_voices(std::mt19937_64& random) {
  PatchMaker maker;
  const auto any = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  const char* const sources[] = {"saw", "sine", "square", "triangle", "pulse"};
  const char* const filters[] = {"lowpass", "highpass", "bandpass", "notch", "allpass"};
  const bool late = any(3) == 0;
  const int usual_source = any(5), usual_filter = any(5), voices = 1 + any(90);
  const Source slow = maker.add("sine", {}, {{"hz", 3.0}});
  const Source cutoff = maker.add("add", {maker.add("multiply", {slow}, {{"by", 500.0}})}, {{"by", 900.0}});
  const Source loop = maker.feedback(64 + any(300));
  std::vector<Source> heard, narrow;
  for (int i = 0; i < voices; ++i) {
    const bool odd = any(6) == 0;
    const Setting hz =
        odd && any(2) == 0
            ? Setting(maker.add("lanes", {}, {}, {{"values", std::vector<double>{50.0 + i, 99}}}))
            : Setting(60.0 + 3 * i);
    Source voice = maker.add(sources[odd ? any(5) : usual_source], {}, {{"hz", hz}});
    if (late && any(10) == 0) voice = maker.add("lag", {voice}, {}, {{"frames", 1.0 + any(200)}});
    if (any(10) == 0) voice = maker.add("multiply", {voice}, {{"by", 3e38}});  // filters are reset
    voice = maker.add(filters[odd ? any(5) : usual_filter], {voice},
                      {{"cutoff", any(8) == 0 ? Setting(cutoff) : Setting(200.0 + 40 * i)}, {"q", 2.0}});
    voice = maker.add("gain", {voice}, {{"level", -20.0 - any(10)}});
    if (any(10) == 0) voice = maker.add("subtract", {voice}, {{"by", loop}});
    if (any(4) == 0) voice = maker.add("divide", {voice}, {{"by", 2.0}});
    if (maker.patch.nodes[voice.node].spec->kind == "divide" || !odd)
      voice = maker.add("peak", {voice}, {{"cutoff", 1000.0}, {"gain", 6.0}, {"q", 1.0}});
    if (!odd) narrow.push_back(voice);
    heard.push_back(odd ? voice : maker.add("pan", {voice}, {{"position", any(200) * 0.01 - 1}}));
    heard.back() = maker.add("mix", {heard.back()});
  }
  const Source shared = maker.add("saw", {});  // a bank reads it, and nobody else
  for (int i = any(20); i > 0; --i) heard.push_back(maker.add("gain", {shared}, {{"level", -10.0 - i}}));
  narrow.push_back(shared);
  add_scaled(maker, narrow, random);
  const Source all = maker.add("sum", heard);
  maker.close(loop, maker.add("gain", {all}, {{"level", -30.0}}));
  maker.output("main", all);
  for (std::size_t i = 0; i < heard.size(); i += 7) maker.output("tap" + std::to_string(i), heard[i]);
  return maker.patch;
}

std::vector<Move> random_moves(const Patch& patch, std::mt19937_64& random) {
  std::vector<Move> moves;
  for (int i = 0; i < 300; ++i) {
    const auto node = static_cast<NodeId>(random() % patch.nodes.size());
    const auto& spec = *patch.nodes[node].spec;
    if (spec.params.empty()) continue;
    const auto param = static_cast<unsigned>(random() % spec.params.size());
    const double share = static_cast<double>(random() % 1000) / 1000;
    const Param& of = spec.params[param];
    const bool to_zero = spec.kind == "divide" && random() % 4 == 0;
    const double low = std::max(of.min, -2000.0), high = std::min(of.max, 2000.0);
    const Frames glides[] = {0, 1, 64, 100, 1000};
    moves.push_back({static_cast<Frames>(random() % kVoiceFrames), node, param,
                     static_cast<float>(to_zero ? 0 : low + share * (high - low)), glides[random() % 5]});
  }
  std::ranges::sort(moves, {}, &Move::time);
  return moves;
}

Played play_moves(const Patch& patch, const Plan& plan, const std::vector<Move>& moves, Split split) {
  std::vector<Mistake> mistakes;
  auto program = build(patch, plan, mistakes);
  if (!mistakes.empty()) throw std::runtime_error(to_string(mistakes.front()));
  const auto instances = program->instances;
  const unsigned channels = program->out_channels;
  Engine engine;
  const WorkerThreads workers(engine, plan.threads());
  engine.publish(std::move(program));
  std::size_t next = 0;
  Played played;
  played.sound = play(engine, {}, channels, kVoiceFrames, split, [&](Engine& now) {
    // In time: a whole random period ahead.
    for (; next < moves.size() && moves[next].time < now.now() + 2000; ++next) {
      const Move& move = moves[next];
      if (!now.send({.time = move.time,
                     .target = instances[move.node].get(),
                     .param = move.param,
                     .value = move.value,
                     .glide = move.glide}))
        throw std::runtime_error("the queue of events is full");
    }
  });
  Report report;
  while (engine.receive(report))
    if (report.what == Report::What::fault) played.faults.emplace_back(report.from->name, report.time);
  std::ranges::sort(played.faults);
  return played;
}

}  // namespace perigee::test
