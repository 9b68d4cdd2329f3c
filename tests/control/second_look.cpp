// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Half a save does not silence what plays; the clock stands still unless it is told.

#include "control/second_look.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <thread>

#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

using std::chrono::milliseconds;

const std::string kWhole = "tone = sine(440)\nmore = saw(110)\noutput('main', tone + more)\n";

struct Eye {
  explicit Eye(const std::string& text = kWhole) { look.settle({{"patch.lua", text}}, true); }
  bool doubts(const std::string& text, milliseconds after = {}, bool has_outputs = true) {
    return look.doubt({{"patch.lua", text}}, has_outputs, now += after).has_value();
  }

  SecondLook look;
  SecondLook::Clock::time_point now;
};

}  // namespace

TEST_CASE("a script of blanks and comments") {
  for (const std::string& text :
       {std::string(), std::string(" \t\r\n"), std::string(100, '\0'), std::string("-- one"),
        std::string("-- one\n\n--[[ two\nthree ]] -- four\n--[==[ ]] ]==]\n"),
        std::string("\xef\xbb\xbf#!perigee\n--\r\n"), std::string("--[[ open"), std::string("#")})
    CHECK(is_blank(text));
  for (const char* text :
       {"x = 1", "-- one\nx = 1", "--[[ one ]] x = 1", "--[==[ ]]\n]==]x()", "--[ one\nx()", "- -", "-"})
    CHECK_FALSE(is_blank(text));
}

TEST_CASE("what may be half a save") {
  CHECK(Eye().doubts(""));
  CHECK(Eye().doubts("-- nothing\n", {}, false));
  CHECK(Eye().doubts(std::string(kWhole.size(), '\0'), {}, false));
  CHECK(Eye().doubts(std::string("\xef\xbb\xbf")));
  CHECK(Eye().doubts("tone = sine(440)\n", {}, false));  // the first line
  CHECK(Eye().doubts(kWhole.substr(0, kWhole.size() - 12), {}, false));
  CHECK(Eye(kWhole + "x = 1\n").doubts(kWhole));
  CHECK(Eye().doubts("output('main', saw())\n"));                         // less than half
  CHECK(Eye().doubts(kWhole.substr(0, 50) + "s"));                        // not a whole line
  CHECK(Eye().doubts(kWhole + "-- out(put('main', tone)\n", {}, false));  // nothing to hear
  CHECK(Eye(kWhole + "--" + std::string(9000, '-') + "\n").doubts("x" + std::string(8190, ' ') + "\n"));
  CHECK(Eye().look.doubt({{"patch.lua", kWhole + "x = 1\n", true}}, true).has_value());
}

TEST_CASE("what is none is taken at once") {
  CHECK_FALSE(Eye().doubts(kWhole));
  CHECK_FALSE(Eye().doubts(kWhole + "x = 1\n"));
  CHECK_FALSE(Eye().doubts("tone = sine(4)\nmore = saw(110)\noutput('main', tone + more)\n"));
  CHECK_FALSE(Eye().doubts(kWhole.substr(0, kWhole.size() - 1) + "\r\n"));
  CHECK_FALSE(Eye(kWhole + "\n\n-- the end\n").doubts(kWhole));
  SecondLook silent;
  silent.settle({{"patch.lua", "-- nothing"}}, false);
  CHECK_FALSE(silent.doubt({{"patch.lua", "x = loop(1, print)"}}, false));
  silent.settle({{"patch.lua", "-- nothing"}}, false);
  CHECK_FALSE(silent.doubt({{"patch.lua", "-- all"}}, false).has_value());
  // What was there before, as an editor's undo brings it back; but never what is empty.
  Eye eye;
  eye.look.settle({{"patch.lua", kWhole + "x = 1\n"}}, true);
  CHECK_FALSE(eye.doubts(kWhole));
  eye.look.settle({{"patch.lua", ""}}, false);
  eye.look.settle({{"patch.lua", kWhole}}, true);
  CHECK(eye.doubts("", {}, false));
}

TEST_CASE("when it is the same after a second, it was meant; when it grew, it is waited for") {
  Eye eye;
  CHECK(eye.doubts(""));
  CHECK(eye.look.waits());
  CHECK_FALSE(eye.look.is_due(eye.now + milliseconds(999)));
  CHECK(eye.look.is_due(eye.now + milliseconds(1000)));
  CHECK_FALSE(eye.look.is_due(eye.now + milliseconds(1000)));
  CHECK_FALSE(eye.doubts("", milliseconds(1000), false));
  CHECK_FALSE(eye.look.waits());
  // In pieces, each later than the last.
  Eye slow;
  CHECK(slow.doubts(""));
  for (std::size_t size = 1; size < kWhole.size(); ++size)
    CHECK(slow.doubts(kWhole.substr(0, size), milliseconds(900)));
  CHECK_FALSE(slow.doubts(kWhole + "x = 1\n", milliseconds(900)));
  CHECK_FALSE(slow.look.waits());
  // Somebody who saves all the time is not waited for: what stays for two looks is taken.
  Eye hand;
  CHECK(hand.doubts("output('a', saw(1))\n"));
  CHECK(hand.doubts("output('b', saw(1))\n", milliseconds(900)));
  CHECK(hand.doubts("output('c', saw(1))\n", milliseconds(900)));
  CHECK_FALSE(hand.doubts("output('c', saw(1))\n", SecondLook::kPause));
}

TEST_CASE("modules are looked at one by one") {
  SecondLook look;
  const SourceFile patch{"patch.lua", kWhole}, drums{"drums.lua", "kick = loop(1, function() end)\n"};
  look.settle({patch, drums}, true);
  CHECK(look.doubt({patch, {"drums.lua", ""}}, true).value() == "drums.lua is empty");
  CHECK_FALSE(look.doubt({patch, drums}, true));
  CHECK_FALSE(look.doubt({patch}, true));  // required no more
}

namespace {

/// A script that plays by the real clock, as `perigee run` loads it.
struct LiveStage {
  LiveStage() : bench("state.n = (state.n or 0) + 1\nprint(state.n)\n" + kWhole) {}
  Texts load(const std::string& text) {
    bench.folder.write("patch.lua", text);
    return load();
  }
  Texts load() {
    bench.live.start_save(false, {});
    while (true) {
      if (const auto mistakes = bench.live.attend_load()) return bench.told(*mistakes);
      std::this_thread::sleep_for(milliseconds(1));
    }
  }
  std::size_t nodes() { return bench.live.editor().patch().nodes.size(); }

  Bench bench;
};

}  // namespace

TEST_CASE(
    "an emptied file changes nothing, not the sound and not state, until it is full again, or stays empty") {
  LiveStage stage;
  const std::size_t nodes = stage.nodes();
  CHECK(stage.load("") == Texts());
  CHECK(stage.bench.live.summary().empty());
  CHECK(stage.nodes() == nodes);
  const auto notices = stage.bench.live.take_notices();
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].find("patch.lua is empty") != std::string::npos);
  SUBCASE("full again") {
    CHECK(stage.load("state.n = (state.n or 0) + 1\nprint(state.n)\n" + kWhole + "x = 1\n") == Texts());
    CHECK_FALSE(stage.bench.live.summary().empty());
    CHECK(stage.bench.printed.back() == "2");
    CHECK_FALSE(stage.bench.live.wants_second_look());
  }
  SUBCASE("it stays empty") {
    // It may be looked at several times: the file was written, and nobody watches it.
    while (stage.nodes() > 0) {
      while (!stage.bench.live.wants_second_look()) std::this_thread::sleep_for(milliseconds(5));
      CHECK(stage.load() == Texts());
    }
    CHECK(stage.bench.live.take_notices().empty());
  }
  SUBCASE("written without anybody watching") {
    stage.bench.folder.write("patch.lua", kWhole + "y = 1\n");
    // Sooner than the second look would be, or as that: it is taken in either case.
    while (!stage.bench.live.wants_second_look()) std::this_thread::sleep_for(milliseconds(5));
    CHECK(stage.load() == Texts());
    CHECK_FALSE(stage.bench.live.summary().empty());
    CHECK(stage.nodes() == nodes);
  }
  SUBCASE("the rate changes meanwhile: what played is built anew") {
    CHECK(stage.bench.told(stage.bench.live.change_rate(44100)) == Texts());
    CHECK(stage.nodes() == nodes);
  }
}

TEST_CASE("what is no file, or none that can be read, is told, and what plays goes on") {
  LiveStage stage;
  const std::size_t nodes = stage.nodes();
  const auto path = stage.bench.path();
  const auto told = [&](const char* text) {
    const Texts texts = stage.load();
    REQUIRE(texts.size() == 1);
    CHECK(texts[0].find(text) != std::string::npos);
    CHECK(stage.nodes() == nodes);
  };
  std::filesystem::remove(path);
  told("it cannot be read: No such file");
  std::filesystem::create_directory(path);
  told("it is a folder, not a script");
  std::filesystem::remove(path);
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  told("it is a pipe, not a plain file");
  std::filesystem::remove(path);
  std::filesystem::create_symlink("/dev/zero", path);
  told("it is a device, not a plain file");
  std::filesystem::remove(path);
  stage.bench.folder.write("patch.lua", "x");
  std::filesystem::resize_file(path, std::uintmax_t{1} << 30);
  told("it is larger than 16 MiB");
  stage.bench.folder.write("patch.lua", std::string(500, '\0'));
  told("patch.lua:1: unexpected symbol");
  CHECK(stage.load("\xef\xbb\xbf"
                   "state.n = (state.n or 0) + 1\r\nprint(state.n)\r\noutput('main', sine(440) + saw(110) + "
                   "saw(220))\r\n") == Texts());
  CHECK(stage.bench.printed.back() == "2");
}
