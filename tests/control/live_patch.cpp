// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A patch that plays while its file is saved, well and badly.

#include "control/live_patch.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <sstream>

#include "files/sound_writer.h"
#include "support/hand_driver.h"
#include "support/rig.h"
#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

/// Everything that keeps something from one frame to the next: an oscillator, a filter, an echo, a
/// compensated wire, an input, `state`, and a knob to be set by hand.
constexpr std::string_view kPatch = R"(mic = input("mic")
level = param{ 0.5, 0, 2 }
tone = saw(110)
low = (tone + mic):lowpass(900)
echo = low:delay(0.05, { feedback = 0.7 })
output("main", tone + low:lag(200) + echo * level)
state.saves = (state.saves or 0) + 1
print(state.saves)
)";

std::string voices(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("output('o{}', sine({}))\n", i, 100 + i);
  return text;
}

/// Two effects change places: their wires would close a cycle, so one goes before the other comes.
std::string swapped(bool other) {
  return fmt::format("output('main', saw(110):{})",
                     other ? "delay(0.01):lowpass(800)" : "lowpass(800):delay(0.01)");
}

/// The same with one more voice.
std::string with_more() { return std::string(kPatch) + "output('more', square(77):reverb())\n"; }

/// A script that plays offline.
struct Bench {
  explicit Bench(std::string_view text, double seconds = 20)
      : driver(engine),
        live(engine, driver, path(), {.seconds = seconds, .print = [this](std::string_view line) {
                                        printed.emplace_back(line);
                                        if (on_print) on_print();
                                      }}) {
    REQUIRE(save(text) == Texts());
  }

  fs::path path() const { return folder.path / "patch.lua"; }
  /// What is told, without the folder.
  Texts told(const std::vector<Mistake>& mistakes) const {
    Texts texts;
    for (const Mistake& mistake : mistakes) {
      texts.push_back(to_string(mistake));
      if (texts.back().starts_with(folder.path.string()))
        texts.back().erase(0, folder.path.string().size() + 1);
    }
    return texts;
  }
  /// A machine that is busy may stop a script that is not `endless`: then again.
  Texts reload(bool endless = false) {
    Texts texts = told(live.save());
    const auto stopped = [](const std::string& one) {
      return one.find(" ran for more ") != std::string::npos;
    };
    for (int i = 0; i < 20 && !endless && std::ranges::any_of(texts, stopped); ++i) texts = told(live.save());
    if (texts.empty() && !live.summary().empty()) CHECK(in_accord());
    return texts;
  }
  /// Whether the details of the last save speak of what its summary counts.
  bool in_accord() const {
    std::size_t made = 0, gone = 0;
    std::istringstream lines(live.details());
    for (std::string line; std::getline(lines, line);) {
      made += line.starts_with("+ ") ? 1 : 0;
      gone += line.starts_with("− ") ? 1 : 0;
    }
    return live.summary().ends_with(fmt::format("new {}, gone {}", made, gone));
  }
  Texts save(std::string_view text, bool endless = false) {
    folder.write("patch.lua", text);
    return reload(endless);
  }
  void play(Frames frames) {
    for (const Frames end = at + frames; at < end; at += kChunk) {
      live.attend();
      const Sound noise = white_noise(1, kChunk, static_cast<std::uint64_t>(at) + 1, 0.1F);
      const float* in[] = {noise[0].data(), noise[0].data()};
      float main[kChunk], more[kChunk];
      float* out[] = {main, more};
      engine.process(in, 2, out, 2, kChunk);
      heard.insert(heard.end(), main, main + kChunk);
    }
  }
  void settle() {
    for (int i = 0; i < 1000 && live.attend(); ++i) play(kChunk);
    REQUIRE_FALSE(live.attend());
  }
  NodeId node(std::string_view name) {
    const auto& nodes = live.editor().patch().nodes;
    const auto found = std::ranges::find(nodes, name, &PatchNode::name);
    REQUIRE(found != nodes.end());
    return static_cast<NodeId>(found - nodes.begin());
  }
  void set(std::string_view name, float value) {
    REQUIRE(engine.send({.target = live.editor().instance(node(name)), .param = 0, .value = value}));
  }
  double number(std::string_view name) {
    return std::get<double>(live.editor().patch().nodes[node(name)].params[0]);
  }

  Folder folder;
  Engine engine;
  HandDriver driver;
  Texts printed;
  std::function<void()> on_print;
  LivePatch live;
  Frames at = 0;
  Lane heard;  ///< on the first output
};

bool same(const PatchNode& a, const PatchNode& b) {
  return a.spec == b.spec && a.name == b.name && a.where == b.where && a.inputs == b.inputs &&
         a.params == b.params && a.fixed == b.fixed;
}
bool same(const Patch& a, const Patch& b) {
  return a.folder == b.folder && a.tempo == b.tempo &&
         std::ranges::equal(a.nodes, b.nodes, [](const auto& x, const auto& y) { return same(x, y); });
}

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

void record(const fs::path& path, Frames frames, double rate = 48000) {
  files::SoundWriter writer(path.string(), rate, 1);
  const Lane lane(static_cast<std::size_t>(frames), 0.5F);
  const float* lanes[] = {lane.data()};
  writer.write(lanes, frames);
  writer.close();
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
