// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers on their way, for every kind of node.

#include <doctest/doctest.h>

#include "support/patches.h"
#include "support/play.h"
#include "support/sample.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kFrames = 1500;

/// Every parameter glides from where it is to half of that and back. The glides end inside of chunks, and a
/// period of 1 ends a call at every frame.
Sound glided(const Rig& rig, const Spec& spec, Split split) {
  auto program = built(patch_of(rig), rig.rate).program;
  Instance* node = nullptr;
  for (const auto& instance : program->instances)
    if (instance->spec == &spec) node = instance.get();
  const unsigned channels = program->out_channels;
  Engine engine;
  engine.publish(std::move(program));
  Frames time = 0;
  for (unsigned i = 0; i < spec.params.size(); ++i) {
    const double value = std::get<double>(rig.params.at(std::string(spec.params[i].name)));
    const double half = std::clamp(value / 2, spec.params[i].min, spec.params[i].max);
    REQUIRE(engine.send(
        {.time = time += 70, .target = node, .param = i, .value = static_cast<float>(half), .glide = 75}));
    REQUIRE(engine.send({.time = time + 200,
                         .target = node,
                         .param = i,
                         .value = static_cast<float>(value),
                         .glide = 133,
                         .curve = Curve::exponential}));
  }
  return play(engine, inputs_of(rig), channels, kFrames, split);
}

}  // namespace

TEST_CASE("a glide gives the same bits in any period") {
  for (const Spec* spec : all_kinds()) {
    if (spec->role != Role::process || spec->params.empty()) continue;
    CAPTURE(std::string(spec->kind));
    const Rig rig = sample(*spec, 2, false, kFrames);
    const Sound expected = glided(rig, *spec, {});
    for (const Split split : splits()) {
      CAPTURE(split.period);
      CAPTURE(split.seed);
      CHECK(identical(glided(rig, *spec, split), expected));
    }
  }
}
