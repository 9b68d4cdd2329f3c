// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "picture/picture.h"
#include "support/patches.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("dot has delays on wires, feedback dashed, nocomp dotted") {
  PatchMaker maker = parallel_paths();
  maker.close(maker.feedback(kChunk, "again"), {.node = 2});
  const std::string dot = dot_of(picture_of(maker.patch, plan_of(maker.patch)));
  CAPTURE(dot);
  const auto has = [&](const char* text) { return dot.find(text) != std::string::npos; };
  CHECK(has("n0 [label=\"mic\\ninput × 2\"];"));
  CHECK(has("n1 [label=\"wet\\nlate × 2, latency 240\"];"));
  CHECK(has("n0 -> n2 [style=solid, label=\"+240\", tooltip=\"mic → wet (240) → mix\"];"));
  CHECK(has("n1 -> n2 [style=solid, label=\"in 2\", tooltip=\"\"];"));
  CHECK(has("[style=dotted, "));
  CHECK(has("[style=dashed, constraint=false, "));
}

TEST_CASE("quotes and backslashes in names stay what they are") {
  PatchMaker maker;
  maker.output("main", maker.input("a\"b\\N"));
  CHECK(dot_of(picture_of(maker.patch, plan_of(maker.patch))).find("label=\"a\\\"b\\\\N\\ninput\"") !=
        std::string::npos);
}
