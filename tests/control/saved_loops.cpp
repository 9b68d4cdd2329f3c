// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops that run while their script is saved, or sent code: who plays until when.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <random>
#include <thread>

#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kBeat = 24000;  // at 120 a minute
constexpr Frames kAhead = 4800;  // frames: beat 0, too

/// A note each beat, for half a beat; how loud tells whose it is.
std::string riff(double velocity, double length = 4) {
  return fmt::format(
      "v = voices(1, function(v) return v.gate * v.velocity end)\noutput('main', v)\n"
      "riff = loop({0}, function() for i = 1, {0} do v:note(60, {1}, 1/2) wait(1) end end)\n",
      length, velocity);
}

class LoopStage {
 public:
  explicit LoopStage(std::string_view text) : bench(text) {}

  void play(Frames until) {
    while (bench.at < until) {
      for (const Mistake& mistake : bench.live.play(0.1)) mistakes.push_back(to_string(mistake));
      bench.play(kChunk);
    }
  }
  /// A stretch in beats.
  void play_to_beat(double beat) { play(kAhead + static_cast<Frames>(beat * kBeat)); }
  void save(const std::string& text) { REQUIRE(bench.save(text) == Texts()); }
  void send(const std::string& code) {
    bench.live.start_run({.text = code, .file = "block.lua"}, {});
    while (true) {
      if (const auto sent = bench.live.attend_run()) {
        for (const Mistake& mistake : sent->mistakes) FAIL_CHECK(to_string(mistake));
        return;
      }
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
  /// How loud it is at a beat, a little after its start.
  double at(double beat) const {
    return bench.heard.at(static_cast<std::size_t>(kAhead + beat * kBeat) + 1000);
  }
  /// Frames at which it becomes loud.
  std::vector<Frames> starts() const {
    std::vector<Frames> found;
    for (std::size_t i = 1; i < bench.heard.size(); ++i)
      if (bench.heard[i] > 0 && bench.heard[i - 1] == 0) found.push_back(static_cast<Frames>(i));
    return found;
  }

  Bench bench;
  Texts mistakes;
};

void check_on_beats(const LoopStage& stage) {
  for (const Frames start : stage.starts()) CHECK((start - kAhead) % kBeat == 0);
}

}  // namespace

TEST_CASE("a saved loop takes over where the old one would start anew, wherever the save is") {
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 4; ++i) {
    // Loops are a tenth of a second, 0.2 beats, ahead of what is heard.
    const double saved = 0.3 + static_cast<double>(random() % 6000) / 1000;
    CAPTURE(saved);
    LoopStage stage(riff(0.5));
    stage.play_to_beat(saved);
    stage.save(riff(1));
    stage.play_to_beat(13);
    const double boundary = 4 * std::ceil((saved + 0.2) / 4);
    for (int beat = 0; beat < 12; ++beat) {
      CAPTURE(beat);
      CHECK(stage.at(beat) == doctest::Approx(beat < boundary ? 0.5 : 1));
    }
    check_on_beats(stage);
    CHECK(stage.starts().size() == 13);
    CHECK(stage.mistakes == Texts());
  }
}

TEST_CASE("a loop of another length takes over at the old one's start, and goes on from there") {
  LoopStage stage(riff(0.5, 3));
  stage.play_to_beat(1.5);
  stage.save(riff(1, 5));
  stage.play_to_beat(6.5);
  stage.save(riff(0.25, 2));
  stage.play_to_beat(13);
  for (int beat = 0; beat < 12; ++beat) {
    CAPTURE(beat);
    CHECK(stage.at(beat) == doctest::Approx(beat < 3 ? 0.5 : beat < 8 ? 1 : 0.25));
  }
  check_on_beats(stage);
}

TEST_CASE("a loop that is gone from the script plays no more, and is back after undo") {
  LoopStage stage(riff(0.5));
  stage.play_to_beat(2.5);
  stage.save("v = voices(1, function(v) return v.gate * v.velocity end)\noutput('main', v)\n");
  stage.play_to_beat(8);
  CHECK(stage.starts().size() == 3);
  REQUIRE(stage.bench.live.undo());
  stage.play_to_beat(14);
  check_on_beats(stage);
  CHECK(stage.starts().size() == 5);
  CHECK(stage.at(12) == doctest::Approx(0.5));
}

TEST_CASE("code that is sent leaves the loops under way alone, and redefines one by its name") {
  LoopStage stage(riff(0.5, 8));
  stage.play_to_beat(2.5);
  stage.send("x = 1");
  stage.play_to_beat(4.5);
  stage.send("riff = loop(4, function() v:note(60, 1, 1/2) end)");
  stage.play_to_beat(17);
  for (int beat = 0; beat < 16; ++beat) {
    CAPTURE(beat);
    CHECK(stage.at(beat) == doctest::Approx(beat < 8 ? 0.5 : beat % 4 == 0 ? 1 : 0));
  }
}

TEST_CASE("of what has been sent for a name, the last alone is back when a save is undone") {
  LoopStage stage(riff(0.5, 1));
  stage.play_to_beat(0.5);
  stage.send("riff = loop(1, function() wait(1/2) v:note(60, 1, 1/4) end)");
  stage.play_to_beat(3.4);
  stage.save("v = voices(1, function(v) return v.gate * v.velocity end)\noutput('main', v)\n");
  stage.play_to_beat(5);
  const std::size_t before = stage.starts().size();
  REQUIRE(stage.bench.live.undo());
  stage.play_to_beat(9);
  const auto starts = stage.starts();
  REQUIRE(starts.size() == before + 3);
  for (std::size_t i = before; i < starts.size(); ++i) CHECK((starts[i] - kAhead) % kBeat == kBeat / 2);
}

TEST_CASE("hush ends notes and loops; what was to end them later does not end others") {
  LoopStage stage(
      "v = voices(1, function(v) return v.gate * v.velocity end)\noutput('main', v)\n"
      "riff = loop(64, function() v:note(60, 1, 4) end)\n");
  stage.play_to_beat(1);
  CHECK(stage.at(0.5) == 1);
  stage.send("hush()");
  stage.play_to_beat(2.5);
  CHECK(stage.at(2) == 0);
  stage.send("n = 0 more = loop(1, function() n = n + 1 if n == 1 then v:note(60, 0.5, 8) end end)");
  stage.play_to_beat(10);
  for (int beat = 3; beat < 9; ++beat) {
    CAPTURE(beat);
    CHECK(stage.at(beat) == doctest::Approx(0.5));
  }
}

TEST_CASE("a long turn plays to its end, however often the script is saved meanwhile") {
  LoopStage stage(riff(0.5, 32));
  for (int save = 0; save < 12; ++save) {
    stage.play_to_beat(save + 0.5);
    stage.save(riff(1, 32) + fmt::format("-- {}\n", save));
  }
  stage.play_to_beat(35);
  for (int beat = 0; beat < 34; ++beat) {
    CAPTURE(beat);
    CHECK(stage.at(beat) == doctest::Approx(beat < 32 ? 0.5 : 1));
  }
  CHECK(stage.mistakes == Texts());
}

TEST_CASE("a callback that waits goes on after saves; hush ends it, and what has not been answered yet") {
  const std::string script =
      "v = voices(1, function(v) return v.gate * v.velocity end)\noutput('main', v)\n"
      "osc.on('/hit', function() v:note(60, 0.5, 1/4) wait(1) v:note(60, 1, 1/4) end)\n";
  for (const bool hush : {false, true}) {
    CAPTURE(hush);
    LoopStage stage(script);
    stage.play_to_beat(1);
    REQUIRE(stage.bench.live.tell({.name = "osc /hit"}));
    stage.play_to_beat(1.5);
    for (int save = 0; save < 3; ++save) stage.save(script + fmt::format("-- {}\n", save));
    REQUIRE(stage.starts().size() == 1);
    if (hush) {
      REQUIRE(stage.bench.live.tell({.name = "osc /hit"}));
      stage.send("hush()");
    }
    stage.play_to_beat(4);
    const auto starts = stage.starts();
    REQUIRE(starts.size() == (hush ? 1 : 2));
    if (!hush) CHECK(starts[1] - starts[0] == kBeat);
    // Later ones are answered.
    REQUIRE(stage.bench.live.tell({.name = "osc /hit"}));
    stage.play_to_beat(6);
    CHECK(stage.starts().size() == starts.size() + 2);
  }
}

TEST_CASE("hush ends notes at MIDI outputs, and drops what was still to be done outside") {
  LoopStage stage(
      "output('main', constant(0))\nsynth = midi_out('synth')\n"
      "riff = loop(1, function() synth:note(60, 1, 8) osc.send('nowhere' .. now(), '/beat') end)\n");
  const auto& nodes = stage.bench.live.editor().patch().nodes;
  const auto port = std::ranges::find_if(nodes, [](const PatchNode& node) { return node.spec->says >= 0; });
  REQUIRE(port != nodes.end());
  Instance* const out = stage.bench.live.editor().instance(static_cast<NodeId>(port - nodes.begin()));
  std::vector<Message::What> said;
  const auto play_to_beat = [&](double beat) {
    while (stage.bench.at < kAhead + static_cast<Frames>(beat * kBeat)) {
      stage.play(stage.bench.at + kChunk);
      for (const Spoken& spoken : out->node->speak(kChunk)) said.push_back(spoken.message.what);
    }
  };
  play_to_beat(2.9);
  CHECK(stage.mistakes.size() == 3);
  CHECK(said.back() == Message::What::note_on);
  stage.send("hush()");
  play_to_beat(5);
  CHECK(stage.mistakes.size() == 3);
  CHECK(said.back() == Message::What::note_off);
}

TEST_CASE("a tempo that is saved moves the ends of notes that sound") {
  const std::string script =
      "v = voices(1, function(v) return v.gate end)\noutput('main', v)\n"
      "riff = loop(64, function() v:note(60, 1, 4) end)\n";
  LoopStage stage(script);
  stage.play_to_beat(1);
  stage.save(script + "tempo(60)\n");
  stage.play_to_beat(10);
  const auto end = std::find(stage.bench.heard.begin() + kAhead + kBeat, stage.bench.heard.end(), 0.F) -
                   stage.bench.heard.begin();
  // From where loops had been played to, a beat is twice as long.
  const double changed = static_cast<double>(kAhead + 4 * 2 * kBeat - end) / kBeat;
  CHECK(changed >= 1);
  CHECK(changed <= 1.3);
}

TEST_CASE(
    "callbacks are those of the script that plays, also when undo brings back one whose loops still run") {
  const auto script = [](std::string_view name) {
    return fmt::format(
        "output('main', constant(0))\nosc.on('/who', function() print('{}') end)\n"
        "riff = loop(64, function() wait(60) end)\n",
        name);
  };
  LoopStage stage(script("one"));
  const auto who = [&] {
    stage.bench.printed.clear();
    CHECK(stage.bench.live.tell({.name = "osc /who"}));
    stage.play(stage.bench.at + kBeat / 4);
    return stage.bench.printed;
  };
  stage.play_to_beat(1);
  CHECK(who() == Texts{"one"});
  stage.save(script("two") + "output('more', constant(1))\n");
  stage.bench.settle();
  CHECK(who() == Texts{"two"});
  REQUIRE(stage.bench.live.undo());
  CHECK(who() == Texts{"one"});
  REQUIRE(stage.bench.live.redo());
  CHECK(who() == Texts{"two"});
}

TEST_CASE("more than 4096 callbacks at once are left out, and that is told") {
  LoopStage stage("output('main', constant(0))\nn = 0\nosc.on('/a', function() n = n + 1 print(n) end)\n");
  stage.play_to_beat(0);
  for (int i = 0; i < 4100; ++i) CHECK(stage.bench.live.tell({.name = "osc /a"}));
  stage.play_to_beat(1);
  CHECK(stage.bench.printed.size() == 4096);
  REQUIRE(stage.mistakes.size() == 1);
  CHECK(stage.mistakes[0].ends_with(": 4 callbacks were left out: too much happened at once"));
}

TEST_CASE("saves that follow each other at once: what was sent to nodes that never played takes no room") {
  const auto score = [](int voices) {
    return fmt::format(R"(
v = voices({}, function(v) return v.gate end)
output("main", v:mix())
osc.on("/hit", function() for i = 1, 64 do v:note(i, 0.01, 1/64) end end)
beat = loop(1, function() v:note(100, 1, 1/8) end)
)",
                       voices);
  };
  Bench bench(score(1));
  bench.live.play(0.1);
  bench.play(48000);
  // 128 events each, and no sound is made in between: of 200 · 3 they are many more than can wait.
  for (int i = 0; i < 200; ++i) {
    for (int voices = 2; voices < 5; ++voices) {
      REQUIRE(bench.save(score(voices)) == Texts());
      REQUIRE(bench.live.tell({.name = "osc /hit"}));
      bench.live.play(0.1);
    }
    bench.play(kChunk);
  }
  bench.settle();
  bench.heard.clear();
  for (int i = 0; i < 750; ++i) {
    bench.live.play(0.1);
    bench.play(kChunk);
  }
  CHECK(*std::ranges::max_element(bench.heard) >= 1);
}

TEST_CASE("what asks for more than there is time for is paused, and the rest is on time again") {
  for (const char* busy : {"loop(1/256, function() for i = 1, 1e6 do end end)",
                           "loop(1/256, function() for i = 1, 5000 do c.value = i % 2 end end)"}) {
    CAPTURE(busy);
    LoopStage stage(
        fmt::format("v = voices(1, function(v) return v.gate end)\nc = constant(0)\n"
                    "output('main', v + c * 0)\ngood = loop(1, function() v:note(60, 1, 1/4) end)\n"
                    "{0}\n",
                    busy));
    // The machine keeps up with the sound, and not with loops; however fast it is.
    while (stage.mistakes.empty()) {
      for (const Mistake& mistake : stage.bench.live.play(0.1)) stage.mistakes.push_back(to_string(mistake));
      stage.bench.play(24000);
    }
    for (const std::string& one : stage.mistakes) {
      CHECK(one.find("a loop: it asks for more than there is time for") != std::string::npos);
      CHECK(one.find("patch.lua:4") == std::string::npos);
    }
    const Frames start = stage.bench.at;
    stage.play(start + 20 * kBeat);
    const auto starts = stage.starts();
    REQUIRE(starts.size() > 5);
    for (std::size_t i = starts.size() - 5; i < starts.size(); ++i) CHECK((starts[i] - kAhead) % kBeat == 0);
  }
}
