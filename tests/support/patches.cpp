// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/patches.h"

#include <random>

#include "support/kinds.h"

namespace perigee::test {

Patch patch_of(std::span<const Rig> rigs) {
  PatchMaker maker;
  for (const Rig& rig : rigs) {
    maker.patch.folder = rig.folder;
    const std::string mark = rigs.size() == 1 ? "" : std::to_string(&rig - rigs.data()) + " ";
    std::vector<Source> from;
    for (std::size_t i = 0; i < rig.in.size(); ++i)
      from.push_back(maker.input(mark + "in " + std::to_string(i), static_cast<unsigned>(rig.in[i].size())));
    PatchMaker::Settings params;
    for (const auto& [name, given] : rig.params) {
      if (const auto* sound = std::get_if<Sound>(&given))
        params[name] = maker.input(mark + name, static_cast<unsigned>(sound->size()));
      else
        params[name] = std::get<double>(given);
    }
    Source out = maker.add(rig.kind, from, params, rig.fixed);
    for (; out.output < find_kind(rig.kind)->out.size(); ++out.output)
      maker.output(mark + "out " + std::to_string(out.output), out);
  }
  return maker.patch;
}

Sound inputs_of(const Rig& rig) {
  Sound lanes;
  const auto append = [&](const Sound& sound) { lanes.insert(lanes.end(), sound.begin(), sound.end()); };
  for (const auto& sound : rig.in) append(sound);
  for (const auto& [name, given] : rig.params)
    if (const auto* sound = std::get_if<Sound>(&given)) append(*sound);
  return lanes;
}

PatchMaker parallel_paths() {
  PatchMaker maker;
  const Source mic = maker.input("mic", 2);
  const Source wet = maker.add(late, {mic}, {}, {{"frames", 240.0}}, "wet");
  const Source mix = maker.add(blend, {mic, wet}, {}, {}, "mix");
  maker.output("main", mix);
  maker.output("dry", mic);
  maker.output("cue", nocomp(mic));
  return maker;
}

PatchMaker random_patch(unsigned seed, unsigned nodes) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<unsigned>(random() % n); };
  PatchMaker maker;
  std::vector<Source> made{maker.input("a"), maker.input("b", 2)}, open;
  const auto any = [&] {
    Source source = made[below(made.size())];
    source.compensated = below(10) != 0;
    if (below(8) == 0) source.lane = 0;
    return source;
  };
  for (unsigned i = 0; i < nodes; ++i) {
    const unsigned dice = below(10);
    if (dice == 0) {
      open.push_back(maker.feedback());
      made.push_back(open.back());
    } else if (dice < 4) {
      const Source from = any();
      const double frames = below(3) == 0 ? 0 : below(500);
      made.push_back(maker.add(late, {from}, {}, {{"frames", frames}}));
    } else {
      std::vector<Source> from(1 + below(4));
      for (Source& source : from) source = any();
      const Setting level = below(4) == 0 ? Setting(any()) : Setting(0.5);
      made.push_back(maker.add(blend, from, {{"level", level}}));
    }
  }
  for (const Source one : open) maker.close(one, made[below(made.size())]);
  for (unsigned i = 0; i < 3; ++i) maker.output("out" + std::to_string(i), any());
  return maker;
}

}  // namespace perigee::test
