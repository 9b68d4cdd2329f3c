// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "picture/picture.h"
#include "support/kinds.h"
#include "support/patches.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

nlohmann::json parsed(const PatchMaker& maker, double rate = 48000) {
  return nlohmann::json::parse(json_of(picture_of(maker.patch, plan_of(maker.patch, rate))));
}

std::set<std::string> keys(const nlohmann::json& object) {
  std::set<std::string> all;
  for (const auto& [key, value] : object.items()) all.insert(key);
  return all;
}

}  // namespace

TEST_CASE("json has the documented keys and no others") {
  const auto json = parsed(parallel_paths());
  CHECK(keys(json) == std::set<std::string>{"rate", "latency", "nodes", "wires", "outputs"});
  CHECK(keys(json["nodes"][0]) ==
        std::set<std::string>{"id", "name", "kind", "lanes", "latency", "arrival", "order"});
  CHECK(keys(json["wires"][0]) == std::set<std::string>{"from", "to", "port", "delay", "compensated"});
  CHECK(keys(json["outputs"][0]) == std::set<std::string>{"port", "latency_min", "latency_max"});
  CHECK(json["rate"].dump() == "48000");
  CHECK(json["latency"] == 240);
  CHECK(json["wires"][1] ==
        nlohmann::json{
            {"from", "mic"}, {"to", "mix"}, {"port", "in 1"}, {"delay", 240}, {"compensated", true}});
  CHECK(json["wires"][5]["compensated"] == false);
  CHECK(json["outputs"][2] == nlohmann::json{{"port", "cue"}, {"latency_min", 0}, {"latency_max", 0}});
}

TEST_CASE("times are there only when they were measured") {
  const PatchMaker maker = parallel_paths();
  std::vector<double> ns(maker.patch.nodes.size());
  for (std::size_t i = 0; i < ns.size(); ++i) ns[i] = 1.5 * static_cast<double>(i);
  Picture picture = picture_of(maker.patch, plan_of(maker.patch), ns);
  picture.times = {.machine = "abacus",
                   .instructions = "beads",
                   .ns_a_chunk = 10,
                   .ns_a_reading = 2,
                   .readings = 3,
                   .chunks = 4};
  const auto json = nlohmann::json::parse(json_of(picture));
  CHECK(json["times"] == nlohmann::json{{"chunk", 64},
                                        {"ns_per_chunk", 10.0},
                                        {"ns_per_reading", 2.0},
                                        {"readings_per_chunk", 3},
                                        {"chunks", 4},
                                        {"machine", "abacus"},
                                        {"instructions", "beads"}});
  const Plan plan = plan_of(maker.patch);
  for (std::size_t i = 0; i < plan.order.size(); ++i)
    CHECK(json["nodes"][i]["ns_per_chunk"] == ns[plan.order[i]]);
}

TEST_CASE("an empty patch has empty lists") {
  CHECK(parsed({}) ==
        nlohmann::json::parse(R"({"rate": 48000, "latency": 0, "nodes": [], "wires": [], "outputs": []})"));
}

TEST_CASE("routes are there only if the patch has any") {
  PatchMaker maker = parallel_paths();
  maker.patch.routes = {{"a:*", "b:\x01", {}}, {"c:*", "d:*", {}}};
  CHECK(parsed(maker)["routes"] ==
        nlohmann::json::parse(R"([{"from": "a:*", "to": "b:\uFFFD"}, {"from": "c:*", "to": "d:*"}])"));
}

TEST_CASE("a fractional rate stays one") { CHECK(parsed({}, 47999.5)["rate"] == 47999.5); }

TEST_CASE("two nodes of one name have two ids, and any bytes make a string") {
  PatchMaker maker;
  const auto delayed = [&](Source from) { return maker.add(late, {from}, {}, {{"frames", 1.0}}, "x"); };
  maker.output("m\x01", delayed(delayed(maker.input("a\xff\"\\"))));
  const auto json = parsed(maker);
  CHECK(json["nodes"][0]["id"] == "a\uFFFD\"\\");
  CHECK(json["nodes"][1]["id"] == "x");
  CHECK(json["nodes"][2]["id"] == "x#3");
  CHECK(json["nodes"][2]["name"] == "x");
  CHECK(json["outputs"][0]["port"] == "m\uFFFD");
}

TEST_CASE("the numbers add up, in any patch") {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    const auto json = parsed(random_patch(seed, 30));
    std::map<std::string, nlohmann::json> nodes;
    for (const auto& node : json["nodes"]) CHECK(nodes.emplace(node["id"], node).second);
    for (const auto& wire : json["wires"]) {
      const auto &from = nodes.at(wire["from"]), &to = nodes.at(wire["to"]);
      CAPTURE(wire.dump());
      CHECK(wire["delay"] >= 0);
      if (to["kind"] != "feedback") CHECK(from["order"] < to["order"]);
      if (!wire["compensated"].get<bool>()) {
        CHECK(wire["delay"] == 0);
        continue;
      }
      CHECK(from["arrival"].get<Frames>() + from["latency"].get<Frames>() + wire["delay"].get<Frames>() ==
            to["arrival"].get<Frames>());
    }
    for (const auto& output : json["outputs"]) CHECK(output["latency_min"] <= output["latency_max"]);
  }
}
