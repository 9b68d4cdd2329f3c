// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/overview.h"

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// Some nodes, a meter and a probe.
constexpr std::string_view kBusy = R"(
mic = input("mic")
verb = mic:reverb(0.9)
low = mic:lowpass(300)
level = meter(constant(0.5))
still = probe(constant(0.25))
output("main", verb + low)
)";

struct Watched {
  explicit Watched(std::string_view text)
      : bench(text), overview(bench.engine, bench.driver, bench.live.editor()) {}
  nlohmann::json after(Frames frames) {
    bench.play(frames);
    for (Report report; bench.engine.receive(report);) overview.take(report);
    return overview.tell();
  }

  Bench bench;
  Overview overview;
};

}  // namespace

TEST_CASE("nodes are told with their time, the slowest first, from the second time on") {
  Watched patch(kBusy);
  CHECK(patch.after(4800).at("nodes").empty());
  const auto top = patch.after(48000);
  const auto& nodes = top.at("nodes");
  REQUIRE(nodes.size() >= 3);
  std::map<std::string, std::string> kinds;
  for (const auto& node : nodes) kinds[node.at("name")] = node.at("kind");
  CHECK(kinds["verb"] == "reverb");
  CHECK(kinds["low"] == "lowpass");
  CHECK(kinds["level"] == "meter");
  double before = nodes[0].at("ns"), all = 0;
  for (const auto& node : nodes) {
    CHECK(node.at("ns") <= before);
    before = node.at("ns");
    // A node's load is its time of that which 64 frames last.
    CHECK(node.at("load").get<double>() == doctest::Approx(node.at("ns").get<double>() * 48000 / 64e9));
    all += node.at("load").get<double>();
  }
  CHECK(all > 0);
  const auto& load = top.at("load");
  CHECK(load.at("mean") > 0);
  CHECK(load.at("longest") >= load.at("mean"));
  CHECK(top.at("latency") == 0);
  CHECK(top.at("rate") == 48000);
}

TEST_CASE("meters are told by name, with their readings, as long as they are there") {
  Watched patch(kBusy);
  const auto top = patch.after(48000);
  std::map<std::string, nlohmann::json> meters;
  for (const auto& meter : top.at("meters")) meters[meter.at("name")] = meter.at("readings");
  REQUIRE(meters.contains("still"));
  CHECK(meters["still"].at("max") == 0.25);
  REQUIRE(meters.contains("level"));
  CHECK(meters["level"].size() == find_kind("meter")->readings.size());
  CHECK(patch.bench.save("mic = input('mic')\noutput('main', mic)\n") == Texts());
  patch.bench.settle();
  CHECK(patch.after(4800).at("meters").empty());
}

TEST_CASE("late periods are the patch's if it took all of one, else the system's") {
  Watched patch(kBusy);
  patch.overview.late(3, 0.2F);
  patch.overview.late(2, 1.5F);
  const auto top = patch.after(640);
  CHECK(top.at("late").at("own") == 2);
  CHECK(top.at("late").at("others") == 3);
}
