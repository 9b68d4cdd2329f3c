// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/osc_packet.h"

#include <doctest/doctest.h>

#include "support/osc.h"

using namespace perigee;
using namespace perigee::test;

namespace {

std::string refusal(const std::string& bytes) {
  const OscPacket packet = parse_osc(bytes);
  CHECK(packet.messages.empty() == !packet.mistake.empty());
  return packet.mistake;
}

}  // namespace

TEST_CASE("a message: its path and its values, numbers as numbers") {
  const std::string data = osc_number(static_cast<std::uint64_t>(-3), 4) + osc_number(1ULL << 40U, 8) +
                           osc_float(0.5F) + osc_double(0.1) + osc_text("four") + osc_number(3, 4) +
                           osc_text("abc");
  const auto packet = parse_osc(osc_message("/a/b", "ihfdsTFNb", data));
  CHECK(packet.mistake.empty());
  REQUIRE(packet.messages.size() == 1);
  const OscMessage& message = packet.messages[0];
  CHECK(message.path == "/a/b");
  CHECK_FALSE(message.when);
  CHECK(message.values == std::vector<OscValue>{-3.0, 1099511627776.0, 0.5, 0.1, std::string("four"), 1.0,
                                                0.0, std::monostate(), std::monostate()});
}

TEST_CASE("bundles give their time, also one in another") {
  const std::string one = osc_message("/a", "i", osc_number(1, 4)), two = osc_message("/b", "");
  const std::int64_t when = 1'795'000'000'123'456'789;
  const auto packet =
      parse_osc(osc_bundle(osc_time(when), {one, osc_bundle(kOscNow, {two}), osc_bundle(kOscNow, {}), two}));
  CHECK(packet.mistake.empty());
  REQUIRE(packet.messages.size() == 3);
  CHECK(packet.messages[0].when == when);
  CHECK_FALSE(packet.messages[1].when);
  CHECK(packet.messages[2].when == when);
}

TEST_CASE("all zeros, and a one, mean at once; two do not") {
  const std::string one = osc_message("/a", "i", osc_number(1, 4));
  CHECK_FALSE(parse_osc(osc_bundle(0, {one})).messages.at(0).when);
  CHECK_FALSE(parse_osc(osc_bundle(1, {one})).messages.at(0).when);
  CHECK(parse_osc(osc_bundle(2, {one})).messages.at(0).when < 0);
}

TEST_CASE("what is no OSC is refused, and all of the packet with it") {
  const std::string good = osc_message("/a", "f", osc_float(1)), size = "its size is no multiple of 4 bytes";
  CHECK(refusal("") == size);
  CHECK(refusal("abc") == size);
  CHECK(refusal(good + "x") == size);
  CHECK(refusal("abcd") == "its path does not begin with /");
  CHECK(refusal(osc_message("a", "")) == "its path does not begin with /");
  CHECK(refusal("/abc") == "it is cut off");
  CHECK(refusal(std::string("/a\0x", 4)) == "a text in it does not end in zeros");
  CHECK(refusal(osc_text("/a")) == "it does not tell the types of its values");
  CHECK(refusal(osc_text("/a") + osc_text("ff")) == "it does not tell the types of its values");
  CHECK(refusal(osc_message("/a", "Q")) == "it has values of a type that is not known");
  CHECK(refusal(osc_message("/a", "f", osc_double(1))) == "it holds more than it tells");
  // Each type, one word short; a blob or text whose end lies outside.
  for (const std::string type : {"i", "h", "f", "d", "s", "S", "b", "c", "r", "m", "t"})
    CHECK(refusal(osc_message("/a", type)) == "it is cut off");
  for (const std::string type : {"h", "d", "t"})
    CHECK(refusal(osc_message("/a", type, osc_number(1, 4))) == "it is cut off");
  CHECK(refusal(osc_message("/a", "b", osc_number(5, 4) + osc_number(0, 4))) == "it is cut off");
  CHECK(refusal(osc_message("/a", "b", osc_number(0xffffffff, 4) + osc_number(0, 4))) == "it is cut off");
  CHECK(refusal(osc_message("/a", "s", "abcd")) == "it is cut off");
  CHECK(refusal(std::string("#bundle\0", 8)) == "its bundle is cut off");
  CHECK(refusal(osc_bundle(1, {good}) + osc_number(99, 4)) == "its bundle is cut off");
  CHECK(refusal(osc_bundle(1, {good, ""})) == size);
  CHECK(refusal(osc_bundle(1, {good, osc_message("a", "")})) == "its path does not begin with /");
  std::string deep = good;
  for (int i = 0; i < 8; ++i) deep = osc_bundle(1, {deep});
  CHECK(parse_osc(deep).messages.size() == 1);
  CHECK(refusal(osc_bundle(1, {deep})) == "its bundles are nested too deep");
}
