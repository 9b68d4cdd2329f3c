// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files that are there when a render begins.

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "files/sound_file.h"
#include "support/command.h"
#include "support/temporary.h"

using namespace perigee::test;

namespace {

struct RenderDesk {
  RenderDesk() {
    script("tone.lua", "output('main', sine(440)) output('cue', sine(550))");
    script("part.lua", "return 440");
    script("whole.lua",
           "mic = input('mic')\noutput('main', mic + sine(require('part')) + player('tone.wav'))");
    for (const char* name : {"tone.wav", "in.wav"})
      REQUIRE(run({"render", "tone.lua", "-o", std::string("main=") + name, "-d", "0.1"}).code == 0);
    std::ofstream(folder / "old.wav") << "old";
    std::filesystem::create_hard_link(folder / "in.wav", folder / "hard.wav");
    std::filesystem::create_symlink("in.wav", folder / "soft.wav");
    std::filesystem::create_hard_link(folder / "whole.lua", folder / "whole.wav");
    std::filesystem::create_hard_link(folder / "part.lua", folder / "part.wav");
  }
  void script(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
  }
  std::string text(const std::string& name) const {
    std::ifstream file(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Ended run(const std::vector<std::string>& arguments) const {
    return run_perigee(arguments, folder.path().string());
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path()), {}));
  }
  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("a command that is wrong anywhere touches nothing") {
  const RenderDesk desk;
  desk.script("bad.lua", "output('main', nothing)");
  const auto before = desk.files();
  const std::vector<std::vector<std::string>> all = {
      {"render", "bad.lua", "-o", "old.wav"},
      {"render", "tone.lua", "-o", "main=old.wav", "-o", "zzz=y.wav"},
      {"render", "tone.lua", "-o", "main=old.wav", "-o", "cue=y.xyz"},
      {"render", "tone.lua", "-o", "main=old.wav", "-o", "cue=no/such/y.wav"},
      {"render", "tone.lua", "-o", "main=old.wav", "-i", "mic=none.wav"},
      {"render", "tone.lua", "-o", "main=old.wav", "-i", "mic=in.wav"},
      {"render", "tone.lua", "-o", "main=old.wav", "-m", "none.mid"},
      {"render", "tone.lua", "-o", "main=old.wav", "-r", "44100.5"},
      {"render", "--log", "none.log", "-o", "main=old.wav"},
  };
  for (const auto& arguments : all) {
    CAPTURE(arguments[3]);
    const Ended ended = desk.run(arguments);
    CAPTURE(ended.text);
    CHECK(ended.code != 0);
    CHECK(desk.text("old.wav") == "old");
    CHECK(desk.files() == before);
  }
}

TEST_CASE("no output is what is read, or what another output is, by any name") {
  const RenderDesk desk;
  const auto before = desk.files();
  const auto refused = [&](const std::vector<std::string>& outputs, const std::string& words) {
    std::vector<std::string> arguments{"render", "whole.lua", "-i", "in.wav"};
    for (const std::string& output : outputs) arguments.insert(arguments.end(), {"-o", output});
    const std::string input = desk.text("in.wav"), patch = desk.text("whole.lua"),
                      tone = desk.text("tone.wav");
    const Ended ended = desk.run(arguments);
    CAPTURE(ended.text);
    CHECK(ended.code == 2);
    CHECK(ended.text.find(words) != std::string::npos);
    CHECK((desk.text("in.wav") == input && desk.text("whole.lua") == patch && desk.text("tone.wav") == tone));
    CHECK(desk.files() == before);
  };
  for (const char* name : {"in.wav", "./in.wav", "hard.wav", "soft.wav"}) refused({name}, "it is an input");
  refused({"tone.wav"}, "it is a sound file that the patch plays");
  refused({"whole.wav"}, "it is a script of the patch");
  refused({"part.wav"}, "it is a script of the patch");
  refused({"main=new.wav", "main=./new.wav"}, "it is where another output goes");
  refused({"main=old.wav", "main=../" + desk.folder.path().filename().string() + "/old.wav"},
          "it is where another output goes");
}

TEST_CASE("what is replaced keeps its name, its link and its permissions") {
  const RenderDesk desk;
  std::filesystem::create_symlink("old.wav", desk.folder / "link.wav");
  std::filesystem::permissions(desk.folder / "old.wav", std::filesystem::perms(0640));
  CHECK(desk.run({"render", "tone.lua", "-o", "main=link.wav", "-o", "cue=new.wav", "-d", "0.1"}).code == 0);
  CHECK(std::filesystem::is_symlink(desk.folder / "link.wav"));
  CHECK(perigee::files::read_sound(desk.folder / "old.wav").frames() == 4800);
  CHECK(std::filesystem::status(desk.folder / "old.wav").permissions() == std::filesystem::perms(0640));
}

TEST_CASE("the same patch makes the same file") {
  const RenderDesk desk;
  for (const std::string ending : {"wav", "ogg", "opus", "flac"}) {
    for (const char* name : {"a.", "b."})
      CHECK(desk.run({"render", "tone.lua", "-o", "main=" + (name + ending), "-d", "0.5"}).code == 0);
    CHECK(desk.text("a." + ending) == desk.text("b." + ending));
  }
}
