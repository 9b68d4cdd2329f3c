// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plays each kind under callgrind, with its parameters as numbers and then each of them driven, and has it
// note down the instructions of each: cost.py runs and reads it.

#include <fmt/format.h>
#include <valgrind/callgrind.h>

#include "support/drives.h"
#include "support/patches.h"
#include "support/play.h"
#include "support/sample.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kWarm = 64, kCounted = 512;

void count(const Rig& rig, const std::string& name) {
  Engine engine;
  auto program = make_program(patch_of(rig), rig.rate);
  const Sound in = inputs_of(rig);
  Sound out = silence(program->out_channels, kWarm + kCounted);
  std::vector<const float*> from;
  std::vector<float*> to;
  for (const Lane& lane : in) from.push_back(lane.data());
  for (Lane& lane : out) to.push_back(lane.data());
  engine.publish(std::move(program));
  const auto run = [&](Frames frames) {
    engine.process(from.data(), static_cast<unsigned>(from.size()), to.data(),
                   static_cast<unsigned>(to.size()), static_cast<int>(frames));
    for (const float*& lane : from) lane += frames;
    for (float*& lane : to) lane += frames;
  };
  run(kWarm);
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
  run(kCounted);
  CALLGRIND_TOGGLE_COLLECT;
  CALLGRIND_DUMP_STATS_AT(name.c_str());
}

}  // namespace

int main() {
  constexpr std::uint64_t kSeed = 1;
  for (const Spec* spec : all_kinds()) {
    if (spec->role != Role::process || spec->out.empty()) continue;
    const Rig usual = sample(*spec, 1, false, kWarm + kCounted);
    count(usual, fmt::format("{}", spec->kind));
    for (const Param& param : spec->params) {
      for (const Drive& drive : drives(param, 1, kWarm + kCounted, kSeed)) {
        Rig driven = usual;
        driven.params[std::string(param.name)] = drive.signal;
        count(driven, fmt::format("{}: {}: {}", spec->kind, param.name, drive.name));
      }
    }
  }
  return 0;
}
