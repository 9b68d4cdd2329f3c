// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/journal.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "control/destinations.h"
#include "control/live_patch.h"
#include "control/replay.h"
#include "files/sound_file.h"
#include "files/sound_writer.h"
#include "support/hand_driver.h"
#include "support/rig.h"
#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

std::string text_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool is_alone(const Folder& folder, std::size_t files) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path), {})) ==
         files;
}

/// A patch that plays, and its log.
struct Take {
  explicit Take(const Folder& folder, Journal::Old old = Journal::Old::replace)
      : driver(engine),
        live(engine, driver, folder.path / "patch.lua", {}),
        journal(folder.path / "take.log", 48000, old) {
    live.log(journal);
  }
  void play(int periods) {
    for (int i = 0; i < periods; ++i) {
      for (Report report; engine.receive(report);) live.hear(report);
      live.play(0.1);
      live.attend();
      Lane lane(kFrames);
      float* out[] = {lane.data()};
      engine.take();
      engine.run(nullptr, 0, out, 1, kFrames);
      heard.insert(heard.end(), lane.begin(), lane.end());
    }
  }
  void end() {
    for (Report report; engine.receive(report);) live.hear(report);
    journal.end(engine.now());
  }
  static constexpr int kFrames = 256;
  Engine engine;
  HandDriver driver;
  LivePatch live;
  Journal journal;
  Lane heard;
};

Lane replayed(const Folder& folder) {
  Replay replay(folder.path / "take.log");
  Reporter reporter(stderr, stdout);
  replay.run({.outputs = {{"main", (folder.path / "out.wav").string()}}, .inputs = {}}, reporter,
             [](Frames) {});
  return files::read_sound(folder.path / "out.wav").lanes[0];
}

}  // namespace

TEST_CASE("names of any bytes are in the log, which is JSON, and it makes the same sound") {
  const Folder folder;
  const Lane noise = white_noise(1, 3000, 1, 0.5F)[0], other = white_noise(1, 3000, 2, 0.5F)[0];
  for (const auto& [name, lane] : {std::pair{"\xff.wav", &noise}, std::pair{"\xfe.wav", &other}}) {
    files::SoundWriter writer(folder.path / name, 48000, 1);
    const float* lanes[] = {lane->data()};
    writer.write(lanes, 3000);
    writer.close();
  }
  folder.write("patch.lua",
               "a = player('\xff.wav'):as('\\255')\nb = player('\xfe.wav'):as('\\254')\n"
               "g = param(1, 0, 1):as('\\255\\27[31m')\noutput('main', a * 0.5 + b * 0.25 * g)\n"
               "loop(1/16, function() g:set(math.random()) end)\n");
  Take take(folder);
  REQUIRE(take.live.save().empty());
  take.play(40);
  // What is kept is what has the same name.
  folder.write("patch.lua",
               "b = player('\xfe.wav'):as('\\254')\na = player('\xff.wav'):as('\\255')\n"
               "output('main', a * 0.25 + b * 0.5)\n");
  REQUIRE(take.live.save().empty());
  take.play(40);
  take.end();
  for (std::string line, text = text_in(folder.path / "take.log"); !text.empty();
       text.erase(0, line.size() + 1)) {
    line = text.substr(0, text.find('\n'));
    CHECK(nlohmann::json::parse(line).is_object());
  }
  const Lane again = replayed(folder);
  CHECK(identical({again}, {take.heard}));
}

TEST_CASE("a log takes its place when its patch is found right, and not before") {
  const Folder folder;
  const auto log = folder.write("take.log", "old");
  folder.write("patch.lua", "output('main', nothing)");
  {
    Take take(folder);
    CHECK_FALSE(take.live.save().empty());
    take.live.attend();
    CHECK(text_in(log) == "old");
  }
  CHECK(text_in(log) == "old");
  CHECK(is_alone(folder, 2));
  CHECK_THROWS_WITH_AS(Take(folder, Journal::Old::keep), doctest::Contains("it is there already"), Occupied);
  folder.write("patch.lua", "output('main', sine(440))");
  {
    Take take(folder);
    REQUIRE(take.live.save().empty());
    take.play(3);
    CHECK(text_in(log).starts_with("{\"perigee log\""));
  }
  CHECK(is_alone(folder, 2));
  // What plays is not written over, whatever it is called.
  std::filesystem::remove(log);
  std::filesystem::create_hard_link(folder.path / "patch.lua", log);
  Take take(folder);
  CHECK_THROWS_WITH_AS(take.live.save(), doctest::Contains("a script of the patch"), Occupied);
}

TEST_CASE("a log that is gone ends, which is told once, and the patch plays on") {
  const Folder folder;
  folder.write("patch.lua", "output('main', sine(440))");
  Take take(folder);
  REQUIRE(take.live.save().empty());
  take.play(3);
  std::filesystem::remove(folder.path / "take.log");
  take.live.attend();
  std::vector<Mistake> told = take.live.play(0.1);
  REQUIRE(told.size() == 1);
  CHECK(told[0].text == "the log cannot be written any more (the file is gone): it ends here");
  take.play(3);
  CHECK(take.live.play(0.1).empty());
  CHECK(take.journal.trouble() == "the file is gone");
  CHECK(std::ranges::any_of(take.heard, [](float sample) { return sample != 0; }));
}
