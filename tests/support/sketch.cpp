// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/sketch.h"

#include <random>
#include <stdexcept>

#include "node/registry.h"

namespace perigee::test {

namespace {

constexpr Port kIn[] = {{"in", "signal"}};
constexpr Port kMany[] = {{"in", "signals", true}};
constexpr Port kOut[] = {{"out", "signal"}};
constexpr Port kTwo[] = {{"out", "signal"}, {"rest", "what was left over"}};
constexpr Param kLevel[] = {{"level", Unit::linear, 0, 2, 1, "gain"}};
constexpr Fixed kFrames[] = {number("frames", Unit::frames, 0, 1e6, kRequired, "latency")};

constinit const Spec kLate = {
    .kind = "late",
    .group = "test",
    .doc = "declares latency",
    .in = kIn,
    .out = kOut,
    .fixed = kFrames,
    .latency = [](const Setup& setup) { return static_cast<Frames>(setup.number(0)); },
};
constinit const Spec kBlend = {
    .kind = "blend", .group = "test", .doc = "mixes", .in = kMany, .out = kTwo, .params = kLevel};

}  // namespace

NodeId Sketch::add(const Spec& spec, const std::string& name) {
  patch.nodes.push_back(blank(spec));
  patch.nodes.back().name = name;
  return static_cast<NodeId>(patch.nodes.size() - 1);
}

NodeId Sketch::input(const std::string& name, unsigned lanes) {
  const NodeId id = add(*find_kind("input"), name);
  patch.nodes[id].fixed[0] = name;
  patch.nodes[id].fixed[1] = static_cast<double>(lanes);
  return id;
}

NodeId Sketch::output(const std::string& port, Source from) {
  const NodeId id = add(*find_kind("output"), "");
  patch.nodes[id].fixed[0] = port;
  patch.nodes[id].inputs[0] = from;
  return id;
}

NodeId Sketch::late(const std::string& name, Source from, Frames latency) {
  const NodeId id = add(kLate, name);
  patch.nodes[id].inputs[0] = from;
  patch.nodes[id].fixed[0] = static_cast<double>(latency);
  return id;
}

NodeId Sketch::blend(const std::string& name, const std::vector<Source>& from, Setting level) {
  const NodeId id = add(kBlend, name);
  patch.nodes[id].inputs = from;
  patch.nodes[id].params[0] = level;
  return id;
}

NodeId Sketch::feedback(const std::string& name) { return add(*find_kind("feedback"), name); }

Plan Sketch::plan(double rate) const {
  std::vector<Mistake> mistakes;
  Plan plan = compile(patch, rate, mistakes);
  for (const Mistake& mistake : mistakes) throw std::runtime_error(to_string(mistake));
  return plan;
}

Sketch parallel_paths() {
  Sketch sketch;
  const NodeId mic = sketch.input("mic", 2);
  const NodeId wet = sketch.late("wet", all_of(mic), 240);
  const NodeId mix = sketch.blend("mix", {all_of(mic), all_of(wet)});
  sketch.output("main", all_of(mix));
  sketch.output("dry", all_of(mic));
  sketch.output("cue", nocomp(mic));
  return sketch;
}

Sketch random_patch(unsigned seed, unsigned nodes) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<unsigned>(random() % n); };
  Sketch sketch;
  std::vector<NodeId> made{sketch.input("a"), sketch.input("b", 2)}, open;
  const auto any = [&] {
    Source source = all_of(made[below(made.size())]);
    source.compensated = below(10) != 0;
    if (below(8) == 0) source.lane = 0;
    return source;
  };
  for (unsigned i = 0; i < nodes; ++i) {
    const unsigned dice = below(10);
    if (dice == 0) {
      open.push_back(sketch.feedback(""));
      made.push_back(open.back());
    } else if (dice < 4) {
      made.push_back(sketch.late("", any(), below(3) == 0 ? 0 : below(500)));
    } else {
      std::vector<Source> from(1 + below(4));
      for (auto& source : from) source = any();
      made.push_back(sketch.blend("", from, below(4) == 0 ? Setting(any()) : Setting(0.5)));
    }
  }
  for (const NodeId one : open) sketch.close(one, all_of(made[below(made.size())]));
  for (unsigned i = 0; i < 3; ++i) sketch.output("out" + std::to_string(i), any());
  return sketch;
}

}  // namespace perigee::test
