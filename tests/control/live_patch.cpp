// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A patch that plays while its file is saved: what stays, undo and redo, other rates, modules.

#include "control/live_patch.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

namespace fs = std::filesystem;

}  // namespace

TEST_CASE("state is as before after a refused save, and goes on after an accepted one") {
  const std::string script = "state.n = (state.n or 0) + 1\nprint(state.n)\noutput('main', sine(440))\n";
  Bench bench(script);
  int n = 1;
  CHECK(bench.printed == Texts{"1"});
  const Texts refused = {
      "state.n = 100\nerror('no')",                                              // by the script itself
      "state.n = 100\nstate = nil\noutput('main', sine(",                        // by the compiler
      "state.n = 100\noutput('main', sine():lowpass(-1))",                       // by a node's range
      "state.n = 100\nx = sine():gain(0)\ny = x:lowpass(y)\noutput('main', y)",  // by what is not there
      "state = { n = 100 }\noutput('main', player('none.wav'))",                 // by a missing file
      "state.n = 100\noutput('main', sine('high'))",                             // by what a kind takes
  };
  for (const std::string& text : refused) {
    CAPTURE(text);
    CHECK(bench.save(text).size() == 1);
    bench.play(512);
    CHECK(bench.save(script) == Texts());
    CHECK(bench.printed.back() == std::to_string(++n));
  }
  bench.settle();
  bench.driver.room = 1;
  CHECK(bench.save("state.n = 100\n" + script + "output('more', sine())").size() == 1);
  CHECK(bench.save(script) == Texts());
  CHECK(bench.printed.back() == std::to_string(++n));
  // undo() goes back to a graph, not in time.
  CHECK(bench.live.undo());
  CHECK(bench.save(script) == Texts());
  CHECK(bench.printed.back() == std::to_string(++n));
}

namespace {

/// As many versions as you like, all different: numbers and wires.
std::string version(int number) {
  return fmt::format("a = sine({})\nb = {}(110)\noutput('main', {} * 0.1)\n", 100 + number,
                     number % 3 == 0 ? "saw" : "square", number % 2 == 0 ? "a" : "(a + b)");
}

}  // namespace

TEST_CASE("undo and redo: the same graphs again, a hundred deep and no deeper") {
  constexpr int kSaves = 105, kDeep = 100;
  Bench bench(version(0));
  std::vector<Patch> versions;
  SUBCASE("each edit takes its time") {
    for (int i = 1; i <= kSaves; ++i) {
      bench.settle();
      versions.push_back(bench.live.editor().patch());
      REQUIRE(bench.save(version(i)) == Texts());
    }
    bench.settle();
    versions.push_back(bench.live.editor().patch());
    for (int round = 0; round < 2; ++round) {
      for (int i = 1; i <= kDeep; ++i) {
        CAPTURE(i);
        REQUIRE(bench.live.undo());
        bench.settle();
        REQUIRE(same(bench.live.editor().patch(), versions[kSaves - i]));
      }
      CHECK_FALSE(bench.live.undo());
      CHECK(same(bench.live.editor().patch(), versions[kSaves - kDeep]));
      for (int i = 1; i <= kDeep; ++i) {
        CAPTURE(i);
        REQUIRE(bench.live.redo());
        bench.settle();
        REQUIRE(same(bench.live.editor().patch(), versions[kSaves - kDeep + i]));
      }
      CHECK_FALSE(bench.live.redo());
      CHECK(same(bench.live.editor().patch(), versions[kSaves]));
    }
  }
  SUBCASE("nobody waits for the edits to be heard") {
    for (int i = 1; i <= kSaves; ++i) {
      REQUIRE(bench.save(version(i)) == Texts());
      if (i % 5 == 0) bench.play(64);
    }
    for (int i = 1; i <= kDeep; ++i) {
      CAPTURE(i);
      REQUIRE(bench.live.undo());
      if (i % 7 != 0) continue;
      bench.settle();
      REQUIRE(bench.number("a") == 100 + kSaves - i);
      const std::size_t nodes = (kSaves - i) % 2 == 0 ? 4 : 5;
      REQUIRE(bench.live.editor().patch().nodes.size() == nodes);
    }
    CHECK_FALSE(bench.live.undo());
    for (int i = 1; i <= kDeep; ++i) REQUIRE(bench.live.redo());
    CHECK_FALSE(bench.live.redo());
    bench.settle();
    CHECK(bench.number("a") == 100 + kSaves);
  }
}

TEST_CASE("undo, redo and saves between them") {
  Bench bench(version(0));
  const auto plays = [&](int number) {
    bench.settle();
    return bench.number("a") == 100 + number;
  };
  CHECK_FALSE(bench.live.undo());
  CHECK_FALSE(bench.live.redo());
  CHECK(plays(0));
  for (int i = 1; i <= 3; ++i) CHECK(bench.save(version(i)) == Texts());
  CHECK(bench.live.undo());
  CHECK(bench.live.undo());
  CHECK(plays(1));
  CHECK(bench.save("x = sine(").size() == 1);  // refused: there is still what was undone
  CHECK(bench.live.redo());
  CHECK(plays(2));
  CHECK(bench.save(version(9)) == Texts());
  CHECK_FALSE(bench.live.redo());  // gone with a new save
  CHECK(plays(9));
  CHECK(bench.live.undo());
  CHECK(plays(2));
  CHECK(bench.live.undo());
  CHECK(bench.live.undo());
  CHECK(plays(0));
  CHECK_FALSE(bench.live.undo());
  CHECK(plays(0));
  // A patch without a node is one too.
  CHECK(bench.save("-- silence") == Texts());
  CHECK(bench.save(version(5)) == Texts());
  bench.settle();
  CHECK(bench.live.undo());
  bench.settle();
  CHECK(bench.live.editor().patch().nodes.empty());
  CHECK(bench.live.undo());
  CHECK(plays(0));
}

TEST_CASE("another rate: everything is built anew") {
  const std::string script = "tone = sine(1000)\noutput('main', tone:lowpass(3000) * 0.5)\n";
  const auto fresh = [&](double rate) {
    Folder folder;
    Engine engine;
    HandDriver driver(engine);
    LivePatch live(engine, driver, folder.write("patch.lua", script), {.rate = rate});
    REQUIRE(live.save().empty());
    Lane heard(4800);
    float* out[] = {heard.data()};
    engine.process(nullptr, 0, out, 1, 4800);
    return heard;
  };
  Bench bench(version(0));
  CHECK(bench.save(script) == Texts());
  bench.settle();
  const auto after = [&](double rate) {
    if (bench.live.attend()) bench.play(kChunk);  // what was published just before is taken first
    bench.heard.clear();
    bench.play(4800);
    CHECK(bench.live.editor().plan().rate == rate);
    return bench.heard == fresh(rate);
  };
  for (const double rate : {44100.0, 96000.0}) {
    CAPTURE(rate);
    CHECK(bench.told(bench.live.change_rate(rate)) == Texts());
    CHECK(after(rate));
    CHECK_FALSE(bench.live.undo());
  }
  // Even while the file is being mended, and in the middle of an edit.
  CHECK(bench.save(version(1)) == Texts());
  CHECK(bench.save(script) == Texts());
  bench.folder.write("patch.lua", "output('main', sine(");
  CHECK(bench.told(bench.live.change_rate(48000)).size() == 1);
  CHECK(after(48000));
  CHECK_FALSE(bench.live.undo());
  CHECK(bench.save(version(2)) == Texts());
  bench.settle();
  CHECK(bench.live.undo());
  bench.settle();
  CHECK(bench.number("tone") == 1000);
  bench.folder.write("patch.lua", "x = nothing");
  CHECK(bench.told(bench.live.change_rate(44100)).size() == 1);
  CHECK_FALSE(bench.live.redo());
  // The script is told, too.
  for (const double rate : {44100.0, 96000.0}) {
    bench.folder.write("patch.lua",
                       "wet = saw(110):limiter(-6, { lookahead = ms(10) })\n"
                       "output('main', wet)\nprint(latency(wet))");
    CHECK(bench.told(bench.live.change_rate(rate)) == Texts());
    CHECK(bench.printed.back() == fmt::format("{}", rate / 100));
  }
}

TEST_CASE("another rate, but what played cannot be built any more: the next good save plays") {
  Bench bench(version(0));
  const fs::path sound = bench.folder.path / "sound.wav";
  record(sound, 100);
  CHECK(bench.save("-- a sound\noutput('main', player('sound.wav'))") == Texts());
  bench.play(640);
  fs::remove(sound);
  bench.folder.write("patch.lua", "x = nothing");
  const auto told = bench.told(bench.live.change_rate(44100));
  REQUIRE(told.size() == 2);
  CHECK(told[0] == "patch.lua:1: nothing is not defined");
  CHECK(told[1].find("sound.wav") != std::string::npos);
  bench.play(640);
  CHECK_FALSE(bench.live.undo());
  CHECK(bench.save(version(1)) == Texts());
  bench.play(640);
  CHECK(bench.live.editor().plan().rate == 44100);
  record(sound, 100);
  CHECK_FALSE(bench.live.undo());
}

namespace {

bool saved(LivePatch& live) {
  auto now = Watch::Clock::now();
  live.watch().saved(now);
  return live.watch().saved(now + std::chrono::hours(1));
}

}  // namespace

TEST_CASE("a module that is saved is loaded anew") {
  Bench bench("output('main', sine(440))", 0.5);
  saved(bench.live);
  CHECK_FALSE(saved(bench.live));
  bench.folder.write("tune.lua", "return 220");
  bench.folder.write("patch.lua", "tone = sine(require('tune'))\noutput('main', tone)");
  CHECK(saved(bench.live));
  CHECK(bench.reload() == Texts());
  bench.settle();
  CHECK(bench.number("tone") == 220);
  bench.folder.write("tune.lua", "return 330");
  CHECK(saved(bench.live));
  CHECK(bench.reload() == Texts());
  bench.settle();
  CHECK(bench.number("tone") == 330);
  CHECK(bench.live.summary() == "kept 2, new 0, gone 0");
  CHECK_FALSE(saved(bench.live));

  SUBCASE("also when it had a mistake") {
    bench.folder.write("tune.lua", "return 33x");
    CHECK(saved(bench.live));
    CHECK(bench.reload().front().starts_with("tune.lua:1: "));
  }
  SUBCASE("also when it was not there") {
    fs::remove(bench.folder.path / "tune.lua");
    CHECK_FALSE(saved(bench.live));
    CHECK(bench.reload().front().find("there is no module \"tune\"") != std::string::npos);
  }
  SUBCASE("also when the patch had a mistake above it") {
    CHECK(bench.save("x = sine(\ntone = sine(require('tune'))\noutput('main', tone)").size() == 1);
    bench.folder.write("patch.lua", "tone = sine(require('tune'))\noutput('main', tone)");
  }
  SUBCASE("also when it came to no end, and nobody knows how far it got") {
    bench.folder.write("tune.lua", "local n = ('a'):rep(5000):find(('a-'):rep(20) .. 'b')");
    CHECK(saved(bench.live));
    CHECK(bench.reload(true) == Texts{"tune.lua:1: stopped: it ran for more than 0.5 s"});
  }
  bench.folder.write("tune.lua", "return 550");
  CHECK(saved(bench.live));
  CHECK(bench.reload() == Texts());
  bench.settle();
  CHECK(bench.number("tone") == 550);
}

TEST_CASE("a module may be written after the patch that requires it") {
  Bench bench("output('main', sine(440))");
  CHECK(bench.save("tone = sine(require('tune'))\noutput('main', tone)").size() == 1);
  saved(bench.live);
  CHECK_FALSE(saved(bench.live));
  bench.folder.write("tune.lua", "return 220");
  CHECK(saved(bench.live));
  CHECK(bench.reload() == Texts());
  bench.settle();
  CHECK(bench.number("tone") == 220);
}

TEST_CASE("a patch that is written again while it loads is not taken, unless that goes on and on") {
  int writes = 0, hz = 100;
  const auto script = [&] { return fmt::format("print('now')\ntone = sine({})\noutput('main', tone)", hz); };
  Bench bench(script());
  bench.on_print = [&] {
    if (writes-- <= 0) return;
    ++hz;
    bench.folder.write("patch.lua", script());
  };
  LivePatch& live = bench.live;
  const auto plays = [&] {
    bench.settle();
    return bench.number("tone");
  };
  // Also what it read then may be a mistake: nobody wants to know.
  for (const bool mistaken : {false, true}) {
    writes = 1;
    if (mistaken) bench.folder.write("patch.lua", "print('now')\nx = nothing");
    saved(live);
    CHECK(live.save(true).empty());
    CHECK(live.summary().empty());
    CHECK(plays() == hz - 1);
    CHECK(saved(live));
    CHECK(live.save(true).empty());
    CHECK(live.summary() == "kept 2, new 0, gone 0");
    CHECK(plays() == hz);
  }
  for (int round = 0; round < 2; ++round) {
    writes = 100;
    for (int i = 0; i < 3; ++i) {
      const double before = plays();
      CHECK(live.save(true).empty());
      CHECK(live.summary().empty());
      CHECK(plays() == before);
      CHECK(saved(live));
    }
    CHECK(live.save(true).empty());
    CHECK(live.summary() == "kept 2, new 0, gone 0");
    CHECK(plays() == hz - 1);
    CHECK(saved(live));
  }
  // When nobody watches there is no later.
  writes = 1;
  CHECK(live.save().empty());
  CHECK(live.summary() == "kept 2, new 0, gone 0");
}

TEST_CASE("what is saved while the first patch loads is loaded after it") {
  const Folder folder;
  Engine engine;
  HandDriver driver(engine);
  const std::string script = "print('now')\ntone = sine(110)\noutput('main', tone)";
  LivePatch live(engine, driver, folder.write("patch.lua", script),
                 {.print = [&](std::string_view) { folder.write("patch.lua", script); }});
  CHECK(live.save().empty());
  CHECK(saved(live));
}

TEST_CASE("routes follow saves, undo and redo, and a refused save leaves them") {
  const auto script = [](const std::string& routes) { return routes + "output('main', sine(440))\n"; };
  const std::string first = "route('a:*', 'b:*')\n", second = "route('c:*', 'd:*')\n";
  const std::set<Route> one = {{"a:*", "b:*", {}}}, both = {{"a:*", "b:*", {}}, {"c:*", "d:*", {}}};
  Bench bench(script(first));
  CHECK(bench.driver.routes == one);
  CHECK(bench.save(script(first + second)) == Texts());
  CHECK(bench.driver.routes == both);
  CHECK(bench.live.summary() == "kept 2, new 0, gone 0; routes: new 1, gone 0");
  CHECK(bench.live.details() == "+ route c:* → d:* (line 2)\n");
  CHECK(bench.save(script("route('e:*')\n")).size() == 1);
  CHECK(bench.save(script("route('e:*', 'f:*')\n") + "sine():lowpass(-1)").size() == 1);
  CHECK(bench.driver.routes == both);
  CHECK(bench.live.undo());
  CHECK(bench.driver.routes == one);
  CHECK(bench.live.redo());
  CHECK(bench.driver.routes == both);
  bench.settle();
  CHECK(bench.save(script("\n" + second + second)) == Texts());
  CHECK(bench.live.summary() == "kept 2, new 0, gone 0; routes: new 0, gone 1");
  CHECK(bench.live.details() == "− route a:* → b:* (line 1)\n");
  CHECK(bench.save("") == Texts());
  CHECK(bench.driver.routes.empty());
  CHECK(bench.live.change_rate(44100).empty());
  CHECK(bench.save(first) == Texts());
  CHECK(bench.driver.routes == one);
  CHECK(bench.live.change_rate(48000).empty());
  CHECK(bench.driver.routes == one);
}

TEST_CASE("a save whose ports take long is heard once they are there, and loops and code go on meanwhile") {
  const std::string before = "output('main', constant(0.25))\n", after = "output('main', constant(0.5))\n";
  Bench bench(before);
  bench.play(4800);
  REQUIRE(bench.heard.back() == 0.25F);
  bench.driver.ports_come = false;
  CHECK(bench.save(after) == Texts());
  for (int i = 0; i < 10; ++i) bench.play(4800);
  CHECK(bench.heard.back() == 0.25F);
  SUBCASE("they come") {
    bench.driver.ports_come = true;
    bench.play(4800);
    CHECK(bench.heard.back() == 0.5F);
  }
  SUBCASE("another save takes its place before") {
    CHECK(bench.save("output('main', constant(0.75))\n") == Texts());
    bench.play(4800);
    CHECK(bench.heard.back() == 0.25F);
    bench.driver.ports_come = true;
    bench.play(4800);
    CHECK(bench.heard.back() == 0.75F);
  }
  SUBCASE("it is undone before") {
    CHECK(bench.live.undo());
    bench.driver.ports_come = true;
    bench.play(4800);
    CHECK(bench.heard.back() == 0.25F);
  }
}

TEST_CASE("a save whose port is refused later is taken back, and that is told by file and line") {
  const std::string before = "output('main', constant(0.25))\n";
  Bench bench(before);
  bench.play(4800);
  bench.driver.refuses = "more";
  CHECK(bench.save(before + "output('more', constant(0.5))\n") == Texts());
  bench.live.attend();
  bench.driver.refuses = "";
  Texts told;
  for (const Mistake& mistake : bench.live.play(0.1)) told.push_back(to_string(mistake));
  REQUIRE(told.size() == 2);
  CHECK(told[0].ends_with("patch.lua:2: it is refused"));
  CHECK(told[1] == "what was saved last is taken back, the patch before plays on");
  CHECK(bench.live.editor().patch().nodes.size() == 2);
  bench.play(9600);
  CHECK(bench.heard.back() == 0.25F);
  CHECK(!bench.live.undo());  // to what plays
  CHECK(bench.save(before + "output('more', constant(0.5))\n") == Texts());
  bench.play(4800);
  CHECK(bench.live.editor().patch().nodes.size() == 4);
}
