// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "support/command.h"
#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

namespace {

struct Desk {
  TemporaryFolder folder;

  void script(const std::string& text) const { std::ofstream((folder / "patch.lua").string()) << text; }
  Ended run(std::vector<std::string> arguments, const std::vector<std::string>& more = {}) const {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_perigee(arguments, folder.path().string());
  }
};

/// Those that take a patch.
const std::vector<std::vector<std::string>> kCommands = {
    {"check", "patch.lua"},
    {"graph", "patch.lua"},
    {"graph", "patch.lua", "--times", "-f", "json"},
    {"render", "patch.lua", "-o", "out.wav", "-d", "0.01"},
    {"run", "patch.lua", "--driver", "dummy", "-n", "memory-test-" + std::to_string(getpid())}};

}  // namespace

TEST_CASE("what nobody has memory for, all commands refuse alike, with file and line") {
  const Desk desk;
  for (const char* text :
       {"f = lanes(65536, function(i) return i end)\noutput('main', saw(f):delay(1, 0.5, { max = 60 "
        "}):mix())",
        "s = saw(lanes(65536, function(i) return i end))\noutput('main', (s + s:lag(4194304)):mix())",
        "x = lanes(40000, function(i) return i end)\noutput('main', join(x, x):mix())",
        "f = feedback()\nf:from(join(f, f)) output('main', f:mix())"}) {
    CAPTURE(text);
    desk.script(text);
    for (const auto& command : kCommands) {
      CAPTURE(command[0]);
      const Ended ended = desk.run(command);
      CAPTURE(ended.text);
      CHECK(ended.code == 1);
      CHECK(ended.text.find("patch.lua:") != std::string::npos);
      CHECK(ended.text.find('\n') == ended.text.size() - 1);
    }
  }
}

TEST_CASE("how much a patch may take can be said") {
  const Desk desk;
  desk.script("output('main', input('in'):delay(1, 0.5, { max = 60 }))");  // 11 MB at 48 kHz
  const std::vector<std::string> render = kCommands[3];
  for (const char* enough : {"12M", "0.1G", "20000000", "1T"}) {
    CAPTURE(enough);
    CHECK(desk.run({"check", "patch.lua"}, {"--memory", enough}).code == 0);
    CHECK(desk.run(render, {"--memory", enough}).code == 0);
  }
  const Ended ended = desk.run(render, {"--memory", "10M"});
  CHECK(ended.code == 1);
  CAPTURE(ended.text);
  CHECK(ended.text.find("patch.lua:1: the patch wants 11 MiB of memory, and may have 10 MiB: most of it for "
                        "delay#2 (patch.lua:1) 11 MiB") != std::string::npos);
  for (const char* wrong : {"", "M", "1X", "-1", "0", "1GG", "nan", "1e3", "9999999999T"}) {
    CAPTURE(wrong);
    CHECK(desk.run({"check", "patch.lua"}, {"--memory", wrong}).code == 2);
  }
}
