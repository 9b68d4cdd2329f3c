// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <chrono>

#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("a large patch loads whole; the time is told") {
  for (const int count : {100, 1000, 10000}) {
    ScriptOptions options = script_options();
    options.seconds = 60;
    const std::string text = "mix = 0\nfor i = 1, " + std::to_string(count / 2) +
                             " do\n  mix = mix + sine(i, { phase = 0.5 })\nend\noutput('main', mix)";
    const auto start = std::chrono::steady_clock::now();
    const Result result = run(text, options);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    MESSAGE(result.patch.nodes.size() << " nodes: " << took.count() << " ms");
    CHECK(result.mistakes.empty());
    CHECK(result.patch.nodes.size() == static_cast<std::size_t>(count) + 1);
  }
}
