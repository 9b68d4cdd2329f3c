// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Saves that are refused: nothing has changed.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

namespace fs = std::filesystem;

std::string voices(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("output('o{}', sine({}))\n", i, 100 + i);
  return text;
}

/// The same with one more voice.
std::string with_more() { return fmt::format("{}output('more', square(77):reverb())\n", kPatch); }

struct BadScript {
  std::string name, text;
  Texts lines;  ///< "LINE: text" of each mistake
  Texts plan;   ///< parts of those that the plan finds
};

std::vector<BadScript> bad_scripts() {
  std::vector<BadScript> all;
  for (const auto& entry : fs::directory_iterator(TESTS "/script/bad")) {
    if (entry.path().extension() != ".lua") continue;
    std::ifstream file(entry.path());
    BadScript& one = all.emplace_back();
    one.name = entry.path().filename().string();
    bool head = true;
    for (std::string line; std::getline(file, line); one.text += line + "\n") {
      head = head && line.starts_with("--! ");
      if (!head) continue;
      const bool of_plan = line.starts_with("--! plan: ");
      (of_plan ? one.plan : one.lines).push_back(line.substr(of_plan ? 10 : 4));
    }
  }
  std::ranges::sort(all, {}, &BadScript::name);
  return all;
}

/// Whether exactly the script's mistakes have been told.
bool tells(Texts told, const BadScript& script, const std::string& limit) {
  // A machine that is so busy that a script does not come to its end looks like one that is stuck.
  const auto stuck = [](const std::string& one) {
    return one.find("nothing can interrupt") != std::string::npos;
  };
  if (std::ranges::any_of(told, stuck)) return true;
  if (told.size() != script.lines.size() + script.plan.size()) return false;
  return std::ranges::all_of(script.lines,
                             [&](std::string line) {
                               const auto seconds = line.find("more than 2 s");
                               if (seconds != std::string::npos) line.replace(seconds + 10, 3, limit);
                               return std::ranges::count(told, "patch.lua:" + line) == 1;
                             }) &&
         std::ranges::all_of(script.plan, [&](const std::string& part) {
           return std::ranges::any_of(
               told, [&](const std::string& one) { return one.find(part) != std::string::npos; });
         });
}

/// Only the node itself finds out that nothing is left of this at the engine's rate.
constexpr const char* kTooShort = "output('main', player('short.wav'))";
void record_too_short(const Folder& folder) { record(folder.path / "short.wav", 1, 200000); }

}  // namespace

TEST_CASE("no bad script, saved over what plays, changes a bit of it, nor of what fades") {
  auto scripts = bad_scripts();
  CHECK(scripts.size() >= 70);
  // The endless ones need not take two seconds each; those that fill the memory may.
  bool endless = false;
  SUBCASE("endless ones") { endless = true; }
  SUBCASE("others") {}
  std::erase_if(scripts, [&](const BadScript& script) {
    return endless != std::ranges::any_of(script.lines, [](const std::string& line) {
             return line.find(" ran for ") != std::string::npos;
           });
  });
  CHECK(scripts.size() >= 5);
  Bench edited(kPatch, endless ? 0.3 : 20), left(kPatch);
  for (Bench* bench : {&edited, &left}) {
    bench->play(9600);
    bench->set("level", 1.25F);
    bench->play(9600);
  }
  bool more = false;
  for (const BadScript& script : scripts) {
    CAPTURE(script.name);
    const auto told = edited.save(script.text, endless);
    CHECK_MESSAGE(tells(told, script, "0.3 s"), fmt::format("told:\n{}", fmt::join(told, "\n")));
    for (Bench* bench : {&edited, &left}) bench->play(512);
    // And once more in the middle of an edit.
    more = !more;
    for (Bench* bench : {&edited, &left}) {
      CHECK(bench->save(more ? with_more() : kPatch) == Texts());
      bench->play(64);
    }
    if (!endless) CHECK(edited.save(script.text) == told);
    for (Bench* bench : {&edited, &left}) bench->play(1024);
    REQUIRE(edited.heard == left.heard);
    CHECK(edited.printed.back() == left.printed.back());
  }
  CHECK(peak(left.heard) > 0.1);
}

TEST_CASE("after a refused save the same file again keeps every node, and what hands have set") {
  Bench edited(kPatch), left(kPatch);
  for (Bench* bench : {&edited, &left}) {
    bench->set("level", 1.5F);
    bench->play(4800);
  }
  CHECK(edited.save("output('main', sine(").size() == 1);
  CHECK(edited.save(kPatch) == Texts());
  CHECK(edited.live.summary() == "kept 11, new 0, gone 0");
  CHECK(edited.live.details().empty());
  for (Bench* bench : {&edited, &left}) bench->play(9600);
  CHECK(edited.heard == left.heard);
}

TEST_CASE("a patch that needs a file which is not there, or is no sound, changes nothing") {
  Bench edited(kPatch), left(kPatch);
  record_too_short(edited.folder);
  edited.folder.write("noise.wav", "this is no sound");
  for (Bench* bench : {&edited, &left}) bench->play(4800);
  const auto patch = edited.live.editor().patch();
  for (const std::string file : {"none.wav", "noise.wav", "short.wav"}) {
    CAPTURE(file);
    const auto told =
        edited.save(fmt::format("{}state.saves = 50\noutput('more', player('{}'))", kPatch, file));
    REQUIRE(told.size() == 1);
    CHECK(told[0].starts_with("patch.lua:10: player: "));
    CHECK(told[0].find(file) != std::string::npos);
    CHECK(same(edited.live.editor().patch(), patch));
    CHECK_FALSE(edited.live.undo());
    for (Bench* bench : {&edited, &left}) bench->play(1024);
  }
  CHECK(edited.heard == left.heard);
  CHECK(edited.save(kPatch) == Texts());
  CHECK(edited.printed.back() == "2");
}

TEST_CASE("an edit of several steps goes on when another is refused meanwhile") {
  Bench edited(swapped(false)), left(swapped(false));
  record_too_short(edited.folder);
  for (int i = 0; i < 10; ++i) {
    CAPTURE(i);
    for (Bench* bench : {&edited, &left}) {
      bench->play(4800);
      CHECK_FALSE(bench->live.attend());
      CHECK(bench->save(swapped(i % 2 == 0)) == Texts());
      CHECK(bench->live.summary() == "kept 4, new 0, gone 0");
      bench->play(64 * i);
    }
    CHECK(edited.save(kTooShort).size() == 1);
  }
  for (Bench* bench : {&edited, &left}) bench->play(4800);
  CHECK(edited.heard == left.heard);
}

TEST_CASE("what is told of an edit that takes the place of one that waits is what becomes of what is heard") {
  Bench bench(swapped(false) + "\n" + voices(3));
  bench.play(4800);
  CHECK(bench.save(swapped(true)) == Texts());
  CHECK(bench.live.summary() == "kept 4, new 0, gone 6");
  CHECK(bench.save("output('other', noise())") == Texts());
  CHECK(bench.live.summary() == "kept 0, new 2, gone 10");
  CHECK(bench.in_accord());
}

TEST_CASE("a driver without room for more ports: the patch before plays on") {
  const Texts told = {"patch.lua: there is no room for more ports"};
  Bench edited(kPatch), left(kPatch);
  for (Bench* bench : {&edited, &left}) {
    bench->driver.room = 3;
    bench->play(4800);
  }
  CHECK(edited.save(voices(3)) == told);
  CHECK_FALSE(edited.live.undo());
  CHECK(edited.live.summary() == "kept 0, new 11, gone 0");
  for (Bench* bench : {&edited, &left}) {
    bench->play(4800);
    CHECK(bench->save(with_more()) == Texts());
  }
  // Until an edit is heard the next one waits; that there is no room for it shows at once.
  CHECK(edited.printed.back() == "2");
  CHECK(edited.save("state.saves = 100\n" + voices(3)) == told);
  for (Bench* bench : {&edited, &left}) bench->play(9600);
  CHECK(edited.heard == left.heard);
  CHECK(edited.save(kPatch) == Texts());
  CHECK(edited.printed.back() == "3");
  edited.settle();
  CHECK(edited.live.undo());
  edited.settle();
  CHECK(edited.live.editor().patch().nodes.size() == left.live.editor().patch().nodes.size());
}

TEST_CASE("without room for the first patch there is nothing to play") {
  Engine engine;
  HandDriver driver(engine);
  driver.room = 0;
  const Folder folder;
  LivePatch live(engine, driver, folder.write("patch.lua", "output('main', sine())"), {});
  CHECK_THROWS_AS(live.save(), SystemError);
  driver.room = 1;
  CHECK(live.save().empty());
}

TEST_CASE("an edit of several steps comes to its end though there is no room for the next") {
  Bench edited(swapped(false)), left(swapped(false));
  for (int i = 0; i < 20; ++i) {
    CAPTURE(i);
    for (Bench* bench : {&edited, &left}) {
      bench->driver.room = 1;
      bench->play(4800);
      CHECK(bench->save(swapped(i % 2 == 0)) == Texts());
      bench->play(64 * i);
    }
    CHECK(edited.save(voices(2)) == Texts{"patch.lua: there is no room for more ports"});
    for (Bench* bench : {&edited, &left}) bench->play(9600);
    CHECK(edited.heard == left.heard);
  }
}
