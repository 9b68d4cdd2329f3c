// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/learned.h"

#include <doctest/doctest.h>

#include "support/patch_maker.h"

using namespace perigee;
using namespace perigee::test;

namespace {

Patch knobs() {
  PatchMaker maker;
  for (const char* name : {"a", "b", "c"}) {
    maker.add("param", {}, {{"value", 0.5}});
    maker.patch.nodes.back().name = name;
  }
  maker.add("sum", {{.node = 0}, {.node = 1}, {.node = 2}});
  maker.patch.midi = {{.name = "keys"}};
  return maker.patch;
}

Controller knob(unsigned number) { return {.port = "keys", .number = number, .kind = "7 bit", .channel = 2}; }

}  // namespace

TEST_CASE("what was learned is forgotten in any order, and the patch is as it was") {
  const Patch empty = knobs();
  Patch patch = empty;
  for (const char* name : {"b", "a", "c", "a"}) patch = learn(patch, name, knob(name[0]));
  REQUIRE(learned_in(patch).size() == 3);
  for (const Learned& one : learned_in(patch)) {
    CHECK(one.controller == knob(static_cast<unsigned>(one.param[0])));
    CHECK_FALSE(one.instead);
  }
  for (const char* name : {"c", "b", "a"}) {
    REQUIRE(find_learned(patch, name));
    patch = forget(patch, name);
    CHECK_FALSE(find_learned(patch, name));
    for (const Learned& one : learned_in(patch))
      CHECK(patch.nodes[*find_learned(patch, one.param)].fixed[1] ==
            Value(static_cast<double>(one.param[0])));
  }
  CHECK(patch == empty);
}

TEST_CASE("without its param or its port nothing is learned, and nothing else has changed") {
  const Patch empty = knobs();
  CHECK(learn(empty, "d", knob(1)) == empty);
  CHECK(learn(empty, "a", {.port = "pads", .number = 1, .kind = "7 bit"}) == empty);
  CHECK(forget(empty, "a") == empty);
  const auto all = learned_in(learn(empty, "b", knob(1)));
  Patch other = empty;
  other.nodes[1].name = "x";
  CHECK(with_learned(other, all) == other);
  other = empty;
  other.midi.clear();
  CHECK(with_learned(other, all) == other);
  CHECK(learned_in(with_learned(empty, all)).size() == 1);
}
