// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "text/printable.h"

#include <doctest/doctest.h>

using namespace perigee;

TEST_CASE("lines and tabulators reach a terminal, and nothing that it would obey") {
  CHECK(for_terminal("a\tb\nc\n") == "a\tb\nc\n");
  CHECK(for_terminal("größe → ∞") == "größe → ∞");
  CHECK(for_terminal("\x1b[31mred\x1b]0;title\x07") == "\uFFFD[31mred\uFFFD]0;title\uFFFD");
  CHECK(for_terminal("over\rwritten\b\b") == "over\uFFFDwritten\uFFFD\uFFFD");
  CHECK(for_terminal("\xc2\x9b"
                     "2J") ==
        "\uFFFD"
        "2J");  // CSI in one character
  CHECK(for_terminal("\x9b"
                     "2J") ==
        "\uFFFD"
        "2J");  // … and in one byte
  CHECK(for_terminal(std::string_view("\0\x7f", 2)) == "\uFFFD\uFFFD");
}
