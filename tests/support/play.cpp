// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/play.h"

#include <random>
#include <stdexcept>

#include "engine/build.h"

namespace perigee::test {

namespace {

void refuse(const std::vector<Mistake>& mistakes) {
  if (mistakes.empty()) return;
  std::string text;
  for (const Mistake& mistake : mistakes) text += to_string(mistake) + "\n";
  throw std::runtime_error(text);
}

}  // namespace

Plan plan_of(const Patch& patch, double rate) {
  std::vector<Mistake> mistakes;
  Plan plan = compile(patch, rate, mistakes);
  refuse(mistakes);
  return plan;
}

Built built(const Patch& patch, double rate) {
  const Plan plan = plan_of(patch, rate);
  std::vector<Mistake> mistakes;
  Built result{build(patch, plan, mistakes), port_latencies(patch, plan)};
  refuse(mistakes);
  return result;
}

std::vector<std::string> mistakes_of(const Patch& patch, double rate) {
  std::vector<Mistake> mistakes;
  compile(patch, rate, mistakes);
  std::vector<std::string> texts;
  for (const Mistake& mistake : mistakes) texts.push_back(to_string(mistake));
  return texts;
}

Sound play(Engine& engine, const Sound& in, unsigned out_channels, Frames frames, Split split,
           const std::function<void(Engine&)>& before_period) {
  std::mt19937_64 random(split.seed);
  Sound out = silence(out_channels, frames);
  std::vector<const float*> from(in.size());
  std::vector<float*> to(out_channels);
  for (Frames at = 0; at < frames;) {
    Frames period = split.period;
    if (split.seed != 0) period = 1 + static_cast<Frames>(random() % 300);
    period = std::min(period, frames - at);
    for (std::size_t i = 0; i < in.size(); ++i) from[i] = in[i].data() + at;
    for (std::size_t i = 0; i < out.size(); ++i) to[i] = out[i].data() + at;
    if (before_period) before_period(engine);
    engine.process(from.data(), static_cast<unsigned>(from.size()), to.data(), out_channels,
                   static_cast<int>(period));
    at += period;
  }
  return out;
}

Sound play(const Patch& patch, const Sound& in, Frames frames, Split split, double rate) {
  auto program = make_program(patch, rate);
  const unsigned out_channels = program->out_channels;
  Engine engine;
  engine.publish(std::move(program));
  return play(engine, in, out_channels, frames, split);
}

}  // namespace perigee::test
