// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_connections.h"

#include <doctest/doctest.h>

using perigee::pairs;
using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("one lane meets all, several meet in pairs, in order") {
  CHECK(pairs({"a"}, {}) == Pairs{});
  CHECK(pairs({"a"}, {"x", "y", "z"}) == Pairs{{"a", "x"}, {"a", "y"}, {"a", "z"}});
  CHECK(pairs({"a", "b"}, {"x", "y", "z"}) == Pairs{{"a", "x"}, {"b", "y"}});
  CHECK(pairs({"a", "b", "c"}, {"x"}) == Pairs{{"a", "x"}});
}
