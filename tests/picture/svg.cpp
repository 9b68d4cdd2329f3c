// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "picture/layers.h"
#include "picture/picture.h"
#include "support/kinds.h"
#include "support/patches.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

Drawing drawing_of(const Picture& picture) {
  std::vector<double> widths;
  for (std::size_t i = 0; i < picture.nodes.size(); ++i)
    widths.push_back(60 + 10 * static_cast<double>(i % 9));
  return arrange(picture, widths);
}

bool overlap(const Box& a, const Box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/// Whether a level stretch, or a curve that stays between its ends' heights, touches a box.
bool touches(const Spot& a, const Spot& b, const Box& box) {
  const double low = std::min(a.y, b.y), high = std::max(a.y, b.y), first = std::min(a.x, b.x),
               last = std::max(a.x, b.x);
  return first < box.x + box.width - 0.01 && last > box.x + 0.01 && low < box.y + box.height && high > box.y;
}

}  // namespace

TEST_CASE("boxes never overlap, and wires keep clear of them") {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    const PatchMaker maker = random_patch(seed, 40);
    const Picture picture = picture_of(maker.patch, plan_of(maker.patch));
    const Drawing drawing = drawing_of(picture);
    for (std::size_t i = 0; i < drawing.boxes.size(); ++i) {
      const Box& box = drawing.boxes[i];
      CHECK((box.x >= 0 && box.y >= 0 && box.x + box.width <= drawing.width &&
             box.y + box.height <= drawing.height));
      for (std::size_t k = 0; k < i; ++k) CHECK_FALSE(overlap(box, drawing.boxes[k]));
    }
    for (std::size_t w = 0; w < picture.wires.size(); ++w) {
      if (picture.wires[w].closes) continue;
      const auto& route = drawing.routes[w];
      for (std::size_t i = 1; i < route.size(); ++i) {
        CHECK(route[i - 1].x < route[i].x);
        for (const Box& box : drawing.boxes) CHECK_FALSE(touches(route[i - 1], route[i], box));
      }
    }
  }
}

TEST_CASE("a way back runs below everything") {
  PatchMaker maker;
  const Source again = maker.feedback(), mix = maker.add(blend, {again});
  maker.close(again, mix);
  maker.output("main", mix);
  const Picture picture = picture_of(maker.patch, plan_of(maker.patch));
  const Drawing drawing = drawing_of(picture);
  for (std::size_t w = 0; w < picture.wires.size(); ++w) {
    if (!picture.wires[w].closes) continue;
    for (const Box& box : drawing.boxes) CHECK(drawing.routes[w][1].y > box.y + box.height);
    CHECK(drawing.routes[w][1].y < drawing.height);
  }
}

TEST_CASE("a long wire over many layers is drawn without as many detours") {
  PatchMaker maker;
  const Source mic = maker.input("mic");
  Source last = mic;
  for (int i = 0; i < 3000; ++i) last = maker.add(blend, {last}, {{"level", mic}});
  const Picture picture = picture_of(maker.patch, plan_of(maker.patch));
  std::size_t spots = 0;
  for (const auto& route : drawing_of(picture).routes) spots += route.size();
  CHECK(spots < 130 * picture.wires.size());
}

TEST_CASE("names are escaped, delays are written and explained") {
  PatchMaker maker;
  const Source mic = maker.input("<&>\"'");
  const Source wet = maker.add(late, {mic}, {}, {{"frames", 240.0}}, "wet");
  maker.output("main", maker.add(blend, {mic, wet}, {}, {}, "mix"));
  const std::string svg = svg_of(picture_of(maker.patch, plan_of(maker.patch)));
  CHECK(svg.find(">&lt;&amp;&gt;&quot;'</text>") != std::string::npos);
  CHECK(svg.find(">+240</text>") != std::string::npos);
  CHECK(svg.find("<title>waits 240 for &lt;&amp;&gt;&quot;' → wet (240) → mix</title>") != std::string::npos);
}
