// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <fstream>

#include "files/sound_file.h"
#include "files/sound_writer.h"
#include "support/command.h"
#include "support/rig.h"
#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

namespace {

struct Bench {
  TemporaryFolder folder;
  std::string path(const std::string& name) const { return (folder / name).string(); }
  void script(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }
  void sound(const std::string& name, const Sound& sound, double rate = 48000) const {
    files::SoundWriter writer(path(name), rate, static_cast<unsigned>(sound.size()));
    std::vector<const float*> lanes;
    for (const Lane& lane : sound) lanes.push_back(lane.data());
    writer.write(lanes, static_cast<Frames>(sound[0].size()));
    writer.close();
  }
  Sound heard(const std::string& name) const { return files::read_sound(path(name)).lanes; }
  Ended run(const std::vector<std::string>& arguments) const {
    return run_perigee(arguments, folder.path().string());
  }
};

bool says(const Ended& ended, const std::string& words) {
  CAPTURE(ended.text);
  return ended.text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("the patch's latency is trimmed, so that the file lines up with the input; --raw keeps it") {
  const Bench bench;
  bench.script("late.lua", "output('main', input('mic') :lag(240))");
  const Sound noise = white_noise(1, 5000, 1);
  bench.sound("in.wav", noise);
  CHECK(bench.run({"render", "late.lua", "-i", "in.wav", "-o", "out.wav"}).code == 0);
  CHECK(identical(bench.heard("out.wav"), noise));
  CHECK(bench.run({"render", "late.lua", "-i", "mic=in.wav", "-o", "main=raw.wav", "--raw", "-d", "0.2"})
            .code == 0);
  Sound late = silence(1, 9600);
  std::copy(noise[0].begin(), noise[0].end(), late[0].begin() + 240);
  CHECK(identical(bench.heard("raw.wav"), late));
}

TEST_CASE("a render does not depend on its period") {
  const Bench bench;
  bench.script("tone.lua", "output('main', saw(441):lowpass(900 + 300 * lfo(3)):pan(0.2))");
  CHECK(bench.run({"render", "tone.lua", "-o", "a.wav", "-d", "1"}).code == 0);
  for (const std::string period : {"1", "16", "63", "64", "100", "1024", "random"}) {
    CAPTURE(period);
    CHECK(bench.run({"render", "tone.lua", "-o", "b.wav", "-d", "1", "-p", period}).code == 0);
    CHECK(identical(bench.heard("b.wav"), bench.heard("a.wav")));
  }
}

TEST_CASE("several outputs, the rate of the input, and a mono file for a wide input") {
  const Bench bench;
  bench.script("two.lua", "mic = input('mic', 2) output('left', mic[1]) output('right', mic[2] * 0.5)");
  const Sound noise = white_noise(1, 4410, 2);
  bench.sound("in.wav", noise, 44100);
  const Ended ended =
      bench.run({"render", "two.lua", "-i", "in.wav", "-o", "left=l.wav", "-o", "right=r.wav"});
  CHECK(ended.code == 0);
  CHECK(says(ended, "44100 Hz"));
  CHECK(identical(bench.heard("l.wav"), noise));
  CHECK(files::probe_sound(bench.path("r.wav")).rate == 44100);
}

TEST_CASE("what is wrong with a command is said, and where it can be mended") {
  const Bench bench;
  bench.script("tone.lua", "output('one', sine(440)) output('two', sine(880)) input('mic')");
  bench.sound("in.wav", white_noise(3, 100, 1));
  const struct {
    std::vector<std::string> arguments;
    int code;
    std::string words;
  } cases[] = {
      {{"render", "tone.lua", "-o", "x.wav"}, 1, "the patch's outputs are: one, two"},
      {{"render", "tone.lua", "-o", "three=x.wav"}, 1, "there is no output \"three\""},
      {{"render", "tone.lua", "-o", "one=x.wav", "-i", "mic=in.wav"}, 1, "input \"mic\" has 1 lane"},
      {{"render", "tone.lua", "-o", "one=x.wav", "-i", "mic=none.wav"}, 1, "none.wav"},
      {{"render", "tone.lua", "-o", "one=x.wav", "-i", "vox=in.wav"}, 1, "there is no input \"vox\""},
      {{"render", "tone.lua", "-o", "one=x.doc"}, 2, "wav"},
      {{"render", "tone.lua", "-o", "one=no/such/folder/x.wav"}, 3, "x.wav"},
      {{"render", "tone.lua", "-o", "one=x.wav", "-p", "0"}, 2, "-p 0"},
      {{"render", "tone.lua", "-o", "one=x.wav", "-d", "-1"}, 2, "-d"},
      {{"render", "tone.lua"}, 2, "--output"},
      {{"render", "none.lua", "-o", "x.wav"}, 1, "none.lua"},
      {{"rendr", "tone.lua"}, 2, "rendr"},
      {{}, 2, ""},
  };
  for (const auto& one : cases) {
    CAPTURE(one.words);
    const Ended ended = bench.run(one.arguments);
    CHECK(ended.code == one.code);
    CHECK(says(ended, one.words));
  }
}

TEST_CASE("NaN is told by name and place, and readings are printed at the end") {
  const Bench bench;
  bench.script("nan.lua", "bad = sine(100) / 0\nlevel = probe(bad)\noutput('main', level)");
  const Ended ended = bench.run({"render", "nan.lua", "-o", "x.wav", "-d", "0.1"});
  CHECK(ended.code == 0);
  CHECK(says(ended, "divide \"bad\" made NaN or infinity"));
  CHECK(says(ended, "probe \"level\": min 0"));
}

TEST_CASE("a patch that only routes is whole, and has nothing to render") {
  const Bench bench;
  bench.script("route.lua", "route('a:*', 'b:*')\n");
  CHECK(bench.run({"check", "route.lua"}).code == 0);
  const Ended ended = bench.run({"render", "route.lua", "-o", "main=out.wav"});
  CHECK(ended.code == 1);
  CHECK(says(ended, "the patch has no output: there is nothing to render"));
}
