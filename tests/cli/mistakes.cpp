// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every bad patch is answered at the command line: file, line, and exit code 1, within seconds.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "support/command.h"

using namespace perigee::test;
namespace fs = std::filesystem;

TEST_CASE("a bad patch is answered with its file and line, and exit code 1") {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(TESTS "/script/bad")) {
    if (entry.path().extension() != ".lua") continue;
    ++count;
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    const Ended ended = run_perigee({"check", name}, entry.path().parent_path().string());
    CAPTURE(ended.text);
    CHECK(ended.code == 1);
    CHECK(ended.seconds < 10);  // no limit on speed: a hang is 60 s
    // Above the script stands what is to be told: "--! LINE: text".
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line) && line.starts_with("--! ");) {
      std::string expected = line.substr(4);
      expected = expected.starts_with("plan: ") ? expected.substr(6) : name + ":" + expected;
      CAPTURE(expected);
      CHECK(ended.text.find(expected) != std::string::npos);
    }
    CHECK(ended.text.find(".lua:") != std::string::npos);
  }
  CHECK(count >= 40);
}
