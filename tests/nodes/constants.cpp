// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// constant, selector, param and lanes: numbers as signals.

#include <doctest/doctest.h>

#include <stdexcept>

#include "patch/validate.h"
#include "support/rig.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// What a patch of one `param` is told.
std::vector<std::string> mistakes(double value, double min, double max, const std::string& curve) {
  Patch patch;
  PatchNode node = blank(*find_kind("param"));
  node.params[0] = value;
  node.fixed = {min, max, curve};
  patch.nodes = {node};
  std::vector<Mistake> found;
  const auto sizes = shapes(patch, 48000, found);
  std::vector<std::string> texts;
  for (const Mistake& one : validate(patch, sizes, 48000)) texts.push_back(one.text);
  return texts;
}

}  // namespace

TEST_CASE("constant, selector and param are their value, exactly") {
  for (const std::string kind : {"constant", "selector", "param"}) {
    CAPTURE(kind);
    for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0}) {
      const auto out = Rig{.kind = kind, .rate = rate, .params = {{"value", 0.1}}}.run(200, {.seed = 1})[0];
      CHECK(identical(out, Sound(1, Lane(200, 0.1F))));
      const Sound moving = white_noise(3, 200, 1);
      CHECK(identical(Rig{.kind = kind, .rate = rate, .params = {{"value", moving}}}.run(200, {.seed = 1})[0],
                      moving));
    }
  }
}

TEST_CASE("lanes holds one value a lane") {
  for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0}) {
    const Rig rig{
        .kind = "lanes", .rate = rate, .fixed = {{"values", std::vector<double>{110, -0.1, 0, 1e6}}}};
    CHECK(rig.lanes() == 4);
    const Sound expected = {Lane(200, 110.F), Lane(200, -0.1F), Lane(200, 0.F), Lane(200, 1e6F)};
    CHECK(identical(rig.run(200, {.seed = 1})[0], expected));
  }
}

TEST_CASE("lanes past the widest bundle are told") {
  const Rig rig{.kind = "lanes", .fixed = {{"values", std::vector<double>(65537)}}};
  CHECK_THROWS_WITH(rig.run(1), "values: 65537 are more than 65536");
}

TEST_CASE("a param's value stays within its own min and max") {
  using Texts = std::vector<std::string>;
  CHECK(mistakes(1200, 80, 12000, "exp").empty());
  CHECK(mistakes(-3, -3, 5, "lin").empty());
  CHECK(mistakes(20, 80, 12000, "exp") == Texts{"param: value 20 is below 80"});
  CHECK(mistakes(1.5, 0, 1, "lin") == Texts{"param: value 1.5 is above 1"});
  CHECK(mistakes(0.5, 0, 1, "exp") == Texts{"param: curve \"exp\" needs min above 0, not 0"});
  CHECK(mistakes(3, 5, 1, "lin") == Texts{"param: min 5 is not below max 1"});
  CHECK(mistakes(kRequired, 0, 1, "lin") == Texts{"param: value is missing"});
}
