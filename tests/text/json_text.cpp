// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "text/json_text.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <set>

using namespace perigee;
using nlohmann::json;

TEST_CASE("for others, what is no character becomes U+FFFD") {
  CHECK(json_text(json{{"name", "a\xff"}}) == "{\"name\":\"a\uFFFD\"}");
  CHECK(json_text(json("größe")) == "\"größe\"");
}

TEST_CASE("for Perigee, any bytes come back, and different ones differ on the way") {
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  // Parts of which some are characters only together, and what stands for a byte itself.
  const std::vector<std::string> parts = {
      "a",    "\xff",       "\xfe",       "\xc3",   "\xa4",         "ä",  "\xf4", "\x8f", "\xbe",
      "\xbf", "\U0010FEFF", "\U0010FE80", "\uFFFD", "\xed\xa0\x80", "\n", "\""};
  std::set<std::string> texts, written;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (auto count = random() % 5; count > 0; --count) text += parts[random() % parts.size()];
    const std::string line = exact_text({{"list", {text, 1}}});
    CHECK(exact_json(line)["list"][0].get<std::string>() == text);
    CHECK(json::parse(line).dump() == line);  // it is plain JSON to everybody else
    texts.insert(text);
    written.insert(line);
  }
  CHECK(texts.size() == written.size());
}
