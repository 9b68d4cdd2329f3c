// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Every file in bad/ says on top what is wrong with it: one "--! LINE: text" a mistake, and no others are
// told.
// "--! plan: …" is found later, by the plan.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("bad scripts are told what is wrong") {
  unsigned files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(TESTS) / "script/bad")) {
    if (entry.path().extension() != ".lua") continue;
    ++files;
    const std::string file = entry.path().string();
    std::vector<std::string> expected, told;
    std::ifstream text(entry.path());
    for (std::string line; std::getline(text, line) && line.starts_with("--! ");)
      if (!line.starts_with("--! plan: ")) expected.push_back(file + ":" + line.substr(4));

    // Those that are to be stopped need not take the two seconds.
    const bool endless = std::ranges::any_of(expected, [](const std::string& one) {
      return one.find("ran for more than 2 s") != std::string::npos;
    });
    ScriptOptions options = script_options();
    options.seconds = endless ? 0.3 : 20;
    Loaded loaded = load_script(entry.path(), options);
    validate_too(loaded);
    for (const Mistake& one : loaded.mistakes) {
      told.push_back(to_string(one));
      const auto limit = told.back().find("0.3 s");
      if (limit != std::string::npos) told.back().replace(limit, 5, "2 s");
    }
    std::ranges::sort(expected);
    std::ranges::sort(told);
    CHECK_MESSAGE(told == expected, fmt::format("told:\n{}", fmt::join(told, "\n")));
  }
  CHECK(files >= 40);
}
