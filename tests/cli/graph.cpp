// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/command.h"
#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("graph measures nodes when it is asked to, and then only for programs") {
  const TemporaryFolder folder;
  std::ofstream((folder / "tone.lua").string()) << "output('main', saw(441):lowpass(900):reverb())";
  const auto run = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"graph", "tone.lua"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_perigee(arguments, folder.path().string());
  };
  const Ended plain = run({"-f", "json"}), timed = run({"-f", "json", "--times"});
  REQUIRE(plain.code == 0);
  REQUIRE(timed.code == 0);
  const auto without = nlohmann::json::parse(plain.text);
  auto with = nlohmann::json::parse(timed.text);
  CHECK(!without.contains("times"));
  double all = 0;
  for (const auto& node : with["nodes"]) all += node["ns_per_chunk"].get<double>();
  CHECK(all == doctest::Approx(with["times"]["ns_per_chunk"].get<double>()));
  CHECK(all > 0);
  CHECK(!with["times"]["machine"].get<std::string>().empty());
  with.erase("times");
  for (auto& node : with["nodes"]) node.erase("ns_per_chunk");
  CHECK(with == without);
  CHECK(run({"--times"}).code == 2);
}
