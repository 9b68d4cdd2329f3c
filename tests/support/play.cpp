// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/play.h"

#include <random>
#include <stdexcept>

#include "engine/build.h"

namespace perigee::test {

namespace {

template <typename List>
std::size_t index_of(const List& list, const std::string& name) {
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i].name == name) return i;
  throw std::runtime_error("no " + name);
}

unsigned channels(const std::vector<PortBinding>& ports) {
  return ports.empty() ? 0 : ports.back().first_channel + ports.back().lanes;
}

}  // namespace

Source PatchMaker::add(const Spec& spec, const std::vector<Source>& inputs, const Settings& params,
                       const Values& fixed, const std::string& name) {
  PatchNode node = blank(spec);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (i < node.inputs.size()) {
      node.inputs[i] = inputs[i];
    } else {
      node.inputs.push_back(inputs[i]);
    }
  }
  for (const auto& [key, setting] : params) node.params[index_of(spec.params, key)] = setting;
  for (const auto& [key, value] : fixed) node.fixed[index_of(spec.fixed, key)] = value;
  node.name = name;
  node.where = {"test.lua", static_cast<int>(patch.nodes.size() + 1)};
  patch.nodes.push_back(std::move(node));
  return {static_cast<NodeId>(patch.nodes.size() - 1)};
}

Source PatchMaker::input(const std::string& name, unsigned lanes) {
  return add("input", {}, {}, {{"name", name}, {"lanes", static_cast<double>(lanes)}}, name);
}

void PatchMaker::output(const std::string& name, Source source) {
  add("output", {source}, {}, {{"name", name}});
}

Source PatchMaker::feedback(double frames) { return add("feedback", {}, {}, {{"frames", frames}}); }

void PatchMaker::close(Source feedback, Source from) { patch.nodes[feedback.node].inputs[0] = from; }

std::unique_ptr<Program> make_program(const Patch& patch, double rate) {
  std::vector<Mistake> mistakes;
  const Plan plan = compile(patch, rate, mistakes);
  auto program = mistakes.empty() ? build(patch, plan, mistakes) : nullptr;
  if (program != nullptr) return program;
  std::string text;
  for (const Mistake& mistake : mistakes) text += to_string(mistake) + "\n";
  throw std::runtime_error(text);
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
  const unsigned out_channels = channels(program->outputs);
  Engine engine;
  engine.publish(std::move(program));
  return play(engine, in, out_channels, frames, split);
}

}  // namespace perigee::test
