// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "picture/picture.h"
#include "support/kinds.h"
#include "support/patches.h"
#include "support/play.h"
#include "text/printable.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("a picture in text says everything, in columns") {
  const PatchMaker maker = parallel_paths();
  CHECK(text_of(picture_of(maker.patch, plan_of(maker.patch))) == R"(latency 240 frames (5.000 ms) at 48000 Hz

order  node         kind    lanes  latency  arrival
    1  mic          input       2        0        0
    2  wet          late        2      240        0
    3  mix          blend       2        0      240
    4  output main  output      2        0      240
    5  output dry   output      2        0      240
    6  output cue   output      2        0        0

wires
  mic → wet.in
  mic → mix.in 1          +240  waits for mic → wet (240) → mix
  wet → mix.in 2
  mix → output main.in
  mic → output dry.in     +240  waits for mic → wet (240) → mix → output main, as all outputs are aligned
  mic → output cue.in   nocomp

outputs
  main  240 frames (5.000 ms)
  dry   240 frames (5.000 ms)
  cue   0 frames (0.000 ms)
)");
}

TEST_CASE("routes stand at the end, or alone") {
  PatchMaker maker;
  maker.patch.routes = {{"a:*", "b:in", {}}, {"c:*", "d:*", {}}};
  CHECK(text_of(picture_of(maker.patch, plan_of(maker.patch))) == R"(latency 0 frames (0.000 ms) at 48000 Hz

routes
  a:* → b:in
  c:* → d:*
)");
}

TEST_CASE("lanes, second outputs and feedback have their own signs") {
  PatchMaker maker;
  const Source mic = maker.input("mic", 2), again = maker.feedback(kChunk, "again");
  const Source mix = maker.add(blend, {{.node = mic.node, .lane = 1}, again}, {}, {}, "mix");
  maker.close(again, {.node = mix.node, .output = 1});
  maker.output("main", mix);
  const std::string text = text_of(picture_of(maker.patch, plan_of(maker.patch)));
  CAPTURE(text);
  CHECK(text.find("mic[2] → mix.in 1\n") != std::string::npos);
  CHECK(text.find("mix.rest → again.in   feedback\n") != std::string::npos);
  CHECK(text.find("again → mix.in 2\n") != std::string::npos);
}

TEST_CASE("names cannot command the terminal") {
  CHECK(printable("a\x1b[31mb\n") == "a\uFFFD[31mb\uFFFD");
  CHECK(printable("größe → 1") == "größe → 1");
  CHECK(printable("\xc3") == "\uFFFD");
  CHECK(printable("\xc0\xaf") == "\uFFFD\uFFFD");          // overlong
  CHECK(printable("\xed\xa0\x80").starts_with("\uFFFD"));  // half a surrogate pair
  CHECK(printable("\xc2\x9b") == "\uFFFD");                // CSI in one character
  CHECK(characters("größe") == 5);
}
