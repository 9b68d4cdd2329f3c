// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_room.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <vector>

#include "drivers/driver.h"

using namespace perigee;

namespace {

using Ports = std::vector<Patchbay::Port>;

Ports others(std::size_t count) {
  Ports ports;
  for (std::size_t i = 0; i < count; ++i) ports.push_back({.name = fmt::format("other:{}", i)});
  return ports;
}

/// How many lanes of an output there is room for.
unsigned room_for(JackRoom room, unsigned lanes, bool is_output = true) {
  for (unsigned lane = 0; lane < lanes; ++lane) try {
      room.want("many", fmt::format("many_{}", lane + 1), is_output, lanes);
    } catch (const NoRoom& refused) {
      CHECK(refused.port == "many");
      CHECK(std::string(refused.what()).find(fmt::format("needs {} port", lanes)) != std::string::npos);
      CHECK(std::string(refused.what()).find(fmt::format("room for {}:", lane)) != std::string::npos);
      return lane;
    }
  return lanes;
}

}  // namespace

TEST_CASE("as many ports as jackd has for a client, and less where others have some") {
  CHECK(room_for({"us", others(4)}, 5000) == 2000);
  CHECK(room_for({"us", others(4)}, 5000, false) == 2000);
  CHECK(room_for({"us", others(388)}, 5000) == 2047 - 31 - 388);
  CHECK(room_for({"us", others(2016)}, 1) == 0);
  CHECK(room_for({"us", others(2030)}, 1) == 0);
  CHECK(room_for({"us", others(100)}, 1000) == 1000);
  CHECK(room_for({"us", others(3000)}, 5000) == 4095 - 31 - 3000);  // jackd -p 4096
}

TEST_CASE("our own ports count once, whether the server has them already or not") {
  JackRoom room("us", Ports{{.name = "us:a", .is_ours = true}, {.name = "us:b", .is_ours = true}});
  CHECK(room.left(true) == 2000);
  for (int i = 0; i < 500; ++i) room.take(true);
  CHECK(room.left(true) == 1500);
  CHECK(room.left(false) == 2047 - 31 - 500);
  room.want("x", "x", true, 1);
  room.want("x", "x", true, 1);  // a port that two share
  CHECK(room.left(true) == 1499);
}

TEST_CASE("the one that has no room any more is named, with what there is for it") {
  JackRoom room("us", {});
  for (int lane = 0; lane < 1900; ++lane) room.want("a", fmt::format("a_{}", lane), true, 1900);
  const auto text = [&] {
    try {
      for (int lane = 0; lane < 300; ++lane) room.want("b", fmt::format("b_{}", lane), true, 300);
    } catch (const NoRoom& refused) {
      CHECK(refused.port == "b");
      return std::string(refused.what());
    }
    return std::string();
  }();
  CHECK(text.find("\"b\" needs 300 ports of JACK, and there is room for 100:") == 0);
}

TEST_CASE("names that jackd would cut off are refused") {
  JackRoom room("us", {});
  CHECK_NOTHROW(room.want("x", std::string(252, 'x'), true, 1));
  CHECK_THROWS_AS(room.want("y", std::string(253, 'y'), true, 1), NoRoom);
}
