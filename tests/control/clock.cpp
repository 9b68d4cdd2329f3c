// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops that follow a transport which others start, stop and move.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <random>
#include <thread>

#include "support/effort.h"
#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr double kRate = 48000;

/// Loops of 4 beats with a note of 1/8 beat in each quarter of a beat.
constexpr std::string_view kGrid = R"(
tempo(174)
clock("jack")
v = voices(1, function(v) return v.gate end)
output("main", v)
grid = loop(4, function()
  for i = 1, 16 do
    v:note(60, 1, 1/8)
    wait(1/4)
  end
end)
)";

/// A server with a transport, turned by hand, and a patch that plays there.
struct ClockStage {
  explicit ClockStage(std::string_view text) : bench(text) {}

  void start() { wants = true; }
  void stop() { wants = rolling = false; }
  void locate(Frames to) {
    frame = to;
    rolling = false;  // until all are ready
  }
  /// As a server does it: all look, and who is not ready to start is waited for.
  void turn(int frames) {
    bench.live.play(0.1);
    bench.live.attend();
    if (wants && !rolling) rolling = bench.driver.relay.may_start(frame) || ++waited > patience;
    if (rolling) waited = 0;
    bench.engine.take();
    bench.driver.relay.look(
        bench.engine, {.rolling = rolling, .frame = frame, .beat = beat_of(frame), .period = frames}, kRate);
    std::vector<float> lane(static_cast<std::size_t>(frames)), other(lane.size());
    float* out[] = {lane.data(), other.data()};
    bench.engine.run(nullptr, 0, out, 2, frames);
    heard.insert(heard.end(), lane.begin(), lane.end());
    if (rolling) frame += frames;
    at += frames;
  }
  void play(Frames frames, int period = 64) {
    for (const Frames end = at + frames; at < end;) turn(period);
  }
  void settle() {
    for (int i = 0; i < 50; ++i) turn(64);
  }
  /// { frame, on or off }
  std::vector<std::pair<Frames, bool>> edges() const {
    std::vector<std::pair<Frames, bool>> found;
    for (std::size_t i = 0; i < heard.size(); ++i)
      if ((heard[i] > 0) != (i > 0 && heard[i - 1] > 0))
        found.emplace_back(static_cast<Frames>(i), heard[i] > 0);
    return found;
  }

  Bench bench;
  bool wants = false, rolling = false;
  int patience = 1000, waited = 0;  ///< periods
  Frames frame = 0, at = 0;
  std::function<std::optional<TransportBeat>(Frames)> beat_of = [](Frames) { return std::nullopt; };
  Lane heard;
};

Frames nearest(double frame) { return static_cast<Frames>(std::floor(frame + 0.5)); }

}  // namespace

TEST_CASE("notes land on the frames of a transport that is started, stopped and moved at random") {
  constexpr double kBeat = 60 * kRate / 174;  // frames
  std::random_device device;
  for (const double ticks : {-1.0, 0.0, 1920.0}) {  // none, exact, rounded
    CAPTURE(ticks);
    for (int run = 0; run < effort(12); ++run) {
      const auto seed = device();
      CAPTURE(seed);
      std::mt19937 random(seed);
      ClockStage stage{kGrid};
      bool silent = false;  // the master says nothing
      if (ticks >= 0)
        stage.beat_of = [&, ticks](Frames frame) -> std::optional<TransportBeat> {
          if (silent) return std::nullopt;
          const double beat = static_cast<double>(frame) / kBeat;
          return TransportBeat{.beat = ticks > 0 ? std::floor(beat * ticks) / ticks : beat,
                               .tempo = 174,
                               .grain = ticks > 0 ? 1 / ticks : 0};
        };
      // The same by hand: while it rolls, each note of the grid whose frame comes; of it, the first bar only
      // from where it begins after a jump.
      std::vector<std::pair<Frames, bool>> expected;
      double first = 0;  // beat from which on there are notes
      Frames off = -1;   // when the note that sounds ends
      bool rolled = false;
      Frames was_at = 0;
      const auto turn = [&](int period) {
        const bool jumped = stage.frame != was_at;
        if (jumped) first = 4 * std::ceil((static_cast<double>(stage.frame) - 0.5) / (4 * kBeat));
        stage.turn(period);
        const Frames start = stage.at - period;
        const bool rolls = stage.rolling;
        // What ends a note is on its way for a period.
        if ((rolled && !rolls) && off >= start) off = start + period;
        const Frames from = stage.frame - (rolls ? period : 0);
        for (Frames i = 0; i < period; ++i) {
          if (start + i == off) expected.emplace_back(off, false);
          if (!rolls) continue;
          const Frames here = from + i;
          const double sixteenth = std::round(static_cast<double>(here) * 4 / kBeat);
          if (nearest(sixteenth / 4 * kBeat) != here || sixteenth / 4 < first) continue;
          // Where one ends as the next begins, the gate is off for a frame.
          const bool again = !expected.empty() && expected.back() == std::pair(start + i, false);
          expected.emplace_back(start + i + (again ? 1 : 0), true);
          off = start + i + nearest((sixteenth / 4 + 1.0 / 8) * kBeat) - here;
        }
        rolled = rolls;
        was_at = stage.frame;
      };
      for (int i = 0; i < 60; ++i) {
        silent = random() % 4 == 0;
        switch (random() % 4) {
          case 0:
            stage.stop();
            break;
          case 1:
            stage.locate(random() % 3 == 0 ? nearest(kBeat * static_cast<double>(random() % 64))
                                           : static_cast<Frames>(random() % 1000000));
            break;
          default:
            stage.start();
        }
        const int period = 16 << (random() % 6);
        const auto periods = random() % (100000 / static_cast<unsigned>(period));
        for (unsigned k = 0; k < periods; ++k) turn(period);
      }
      CHECK(expected.size() > 50);
      const auto found = stage.edges();
      const auto [wrong, right] = std::ranges::mismatch(found, expected);
      if (wrong != found.end() && right != expected.end())
        MESSAGE("edge ", wrong - found.begin(), " at ", wrong->first, ", ", wrong->second, "; expected at ",
                right->first, ", ", right->second);
      REQUIRE(found == expected);
    }
  }
}

TEST_CASE("a tempo that the master changes moves what is still to come, once each") {
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int run = 0; run < 10; ++run) {
    ClockStage stage{kGrid};
    // A beat lasts 24000 frames, then a random number of them from the middle between two notes on. It is not
    // whole: then no note falls in the middle between two frames, where the last bit decides.
    const double later = 6000 + static_cast<double>(random() % 40000) + std::sqrt(2) / 10;
    CAPTURE(later);
    constexpr Frames kChange = 64 * 1610;  // beat 4.29: no note is near
    constexpr double kChangeBeat = kChange / 24000.0;
    stage.beat_of = [&](Frames frame) {
      const auto past = static_cast<double>(frame - kChange);
      return past < 0 ? TransportBeat{.beat = static_cast<double>(frame) / 24000, .tempo = 120}
                      : TransportBeat{.beat = kChangeBeat + past / later, .tempo = 60 * kRate / later};
    };
    stage.settle();
    stage.start();
    const Frames origin = stage.at;
    stage.play(500000);
    std::vector<std::pair<Frames, bool>> expected;
    for (int eighth = 0;; ++eighth) {
      const double beat = eighth / 8.0;
      const double frame = beat < kChangeBeat ? beat * 24000 : kChange + (beat - kChangeBeat) * later;
      if (origin + nearest(frame) >= stage.at) break;
      expected.emplace_back(origin + nearest(frame), eighth % 2 == 0);
    }
    REQUIRE(stage.edges() == expected);
  }
}

TEST_CASE("a transport that does not wait for us starts late, and goes on right") {
  ClockStage stage{kGrid};
  stage.patience = 0;
  stage.frame = 100;
  stage.start();
  stage.play(100000);
  const auto edges = stage.edges();
  REQUIRE(edges.size() > 6);
  // Bar 2, and so on.
  const Frames second = nearest(4 * 60 * kRate / 174) - 100;
  CHECK(edges[0] == std::pair<Frames, bool>(second, true));
}

TEST_CASE("long notes end when the transport stops or goes elsewhere, and none begins where it stands") {
  ClockStage stage{R"(
clock("jack")
v = voices(4, function(v) return v.gate end)
output("main", v:mix())
long = loop(1, function() v:note(60, 1, 1000) end)
)"};
  stage.settle();
  stage.start();
  stage.play(60000);
  CHECK(stage.heard.back() > 0);
  stage.stop();
  stage.play(640);
  CHECK(stage.heard.back() == 0);
  const auto before = stage.edges().size();
  stage.play(60000);
  CHECK(stage.edges().size() == before);
  stage.start();
  stage.play(60000);
  CHECK(stage.heard.back() > 0);
  stage.locate(1000 * 24000 + 1);
  stage.play(640);
  CHECK(stage.heard.back() == 0);
  stage.play(60000);
  CHECK(stage.heard.back() > 0);
}

TEST_CASE("what is saved while the transport stands plays from where it stands") {
  ClockStage stage{kGrid};
  stage.locate(nearest(8 * 60 * kRate / 174));
  stage.settle();
  const std::string more = fmt::format(
      "{}other = voices(1, function(v) return v.gate end)\noutput('more', other)\n"
      "new = loop(8, function() other:note(60, 1, 1/2) end)\n",
      kGrid);
  CHECK(stage.bench.save(more) == Texts());
  while (stage.bench.live.attend()) stage.turn(64);
  stage.settle();
  const Frames start = stage.at;
  stage.start();
  stage.play(1000);
  REQUIRE_FALSE(stage.edges().empty());
  CHECK(stage.edges().front() == std::pair<Frames, bool>(start, true));
}

TEST_CASE("from one clock to the other: notes end, and loops go on") {
  ClockStage stage{kGrid};
  std::string internal(kGrid);
  internal.erase(internal.find("clock("), 13);
  stage.settle();
  stage.start();
  stage.play(100000);
  CHECK(stage.bench.save(internal) == Texts());
  stage.stop();
  const auto before = stage.edges().size();
  stage.play(100000);
  CHECK(stage.edges().size() > before + 20);
  CHECK(stage.bench.save(kGrid) == Texts());
  stage.play(20000);
  const auto silent = stage.edges().size();
  stage.play(100000);
  CHECK(stage.edges().size() == silent);
  CHECK(stage.heard.back() == 0);
  stage.start();
  stage.play(100000);
  CHECK(stage.edges().size() > silent + 20);
}

TEST_CASE("from JACK's clock to the patch's own: its tempo counts") {
  ClockStage stage{kGrid};
  stage.settle();
  stage.start();
  stage.play(50000);
  std::string internal(kGrid);
  internal.erase(internal.find("clock("), 13);
  internal.replace(internal.find("174"), 3, "87");
  CHECK(stage.bench.save(internal) == Texts());
  stage.play(100000);
  std::vector<Frames> on;
  for (const auto& [frame, is_on] : stage.edges())
    if (is_on) on.push_back(frame);
  REQUIRE(on.size() > 10);
  CHECK(std::abs(static_cast<double>(on.back() - on[on.size() - 5]) - 60 * kRate / 87) <= 1);
}

TEST_CASE("who leads says its tempo, and each change of it where it is") {
  ClockStage stage{R"(
tempo(120)
clock("jack", { lead = true, beats_per_bar = 3 })
v = voices(1, function(v) return v.gate end)
output("main", v)
turn = loop(64, function() wait(2); tempo(60); wait(2); tempo(240) end)
beat = loop(1, function() v:note(60, 1, 1/2) end)
)"};
  REQUIRE(stage.bench.driver.lead);
  CHECK(stage.bench.driver.lead->tempo == 120);
  CHECK(stage.bench.driver.lead->beats_per_bar == 3);
  stage.settle();
  stage.start();
  const Frames origin = stage.at;
  stage.play(200000);
  const auto& led = stage.bench.driver.leading;
  REQUIRE(led.size() == 2);
  CHECK(led[0].frame == 48000);
  CHECK(led[0].beat == 2);
  CHECK(led[0].tempo == 60);
  CHECK(led[1].frame == 48000 + 96000);
  CHECK(led[1].tempo == 240);
  std::vector<Frames> on;
  for (const auto& [frame, is_on] : stage.edges())
    if (is_on) on.push_back(frame - origin);
  CHECK(on == std::vector<Frames>{0, 24000, 48000, 96000, 144000, 156000, 168000, 180000, 192000});
}

TEST_CASE("that another program leads already is told, and its beats are followed") {
  ClockStage stage{"output('main', constant(0))"};
  stage.bench.driver.has_master = true;
  CHECK(stage.bench.save("clock('jack', { lead = true })\noutput('main', constant(0))") == Texts());
  const auto told = stage.bench.told(stage.bench.live.play(0.1));
  REQUIRE(told.size() == 1);
  CHECK(told[0].find("patch.lua:1: clock: another program leads") == 0);
  CHECK(stage.bench.live.play(0.1).empty());
}

TEST_CASE("callbacks are answered while the transport stands, and what they play ends") {
  ClockStage stage{R"(
clock("jack")
v = voices(1, function(v) return v.gate end)
output("main", v)
osc.on("/hit", function() v:note(60, 1, 1/4) end)
)"};
  stage.settle();
  std::vector<std::pair<Frames, bool>> expected;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(stage.bench.live.tell({.name = "osc /hit"}));
    const auto answered = stage.at + static_cast<Frames>(kAnswerSeconds * kRate);
    expected.emplace_back(answered, true);
    expected.emplace_back(answered + 6000, false);
    stage.play(10000 + 64 * i);
  }
  CHECK(stage.edges() == expected);
  stage.start();
  stage.play(10000);
  CHECK(stage.edges() == expected);
}

TEST_CASE(
    "a callback that waits while the transport stands goes on when that rolls; others are answered in time") {
  ClockStage stage{R"(
clock("jack")
v = voices(1, function(v) return v.gate end)
output("main", v)
osc.on("/hit", function(beats)
  v:note(60, 1, 1/48)
  wait(beats)
  v:note(60, 1, 1/48)
end)
)"};
  stage.settle();
  std::vector<std::pair<Frames, bool>> expected;
  const auto note_at = [&](Frames on) {
    expected.emplace_back(on, true);
    expected.emplace_back(on + 500, false);
  };
  // Less than loops are ahead, and more.
  for (const double beats : {0.5, 0.05, 0.25}) {
    REQUIRE(stage.bench.live.tell({.name = "osc /hit", .values = {beats}}));
    note_at(stage.at + static_cast<Frames>(kAnswerSeconds * kRate));
    stage.play(1600);
  }
  stage.play(30000);
  CHECK(stage.edges() == expected);
  stage.start();
  for (const double beats : {0.05, 0.25, 0.5}) note_at(stage.at + static_cast<Frames>(beats * 24000));
  stage.play(20000);
  CHECK(stage.edges() == expected);
}

TEST_CASE("what a callback asks for outside while the transport stands is done at once, or when that rolls") {
  ClockStage stage{R"(
clock("jack")
output("main", constant(0))
osc.on("/hit", function()
  osc.send("nowhere", "/now")
  wait(1/20)
  osc.send("elsewhere", "/later")
end)
)"};
  Texts told;
  const auto play = [&](Frames frames) {
    for (const Frames end = stage.at + frames; stage.at < end;) {
      for (const std::string& one : stage.bench.told(stage.bench.live.play(0.1))) told.push_back(one);
      stage.turn(64);
    }
  };
  stage.settle();
  REQUIRE(stage.bench.live.tell({.name = "osc /hit"}));
  play(10000);
  REQUIRE(told.size() == 1);
  CHECK(told[0].starts_with("patch.lua:5: "));
  stage.start();
  play(10000);
  REQUIRE(told.size() == 2);
  CHECK(told[1].starts_with("patch.lua:7: "));
}

TEST_CASE("hush while the transport stands: what has happened is forgotten, what happens then is answered") {
  ClockStage stage{R"(
clock("jack")
v = voices(1, function(v) return v.gate end)
output("main", v)
osc.on("/hit", function() v:note(60, 1, 1/4) end)
)"};
  stage.settle();
  REQUIRE(stage.bench.live.tell({.name = "osc /hit"}));
  stage.bench.live.start_run({.text = "hush()", .file = "block.lua"}, {});
  while (!stage.bench.live.attend_run()) std::this_thread::sleep_for(std::chrono::microseconds(200));
  stage.play(6400);
  CHECK(stage.edges().empty());
  REQUIRE(stage.bench.live.tell({.name = "osc /hit"}));
  const auto answered = stage.at + static_cast<Frames>(kAnswerSeconds * kRate);
  stage.play(10000);
  CHECK(stage.edges() == std::vector<std::pair<Frames, bool>>{{answered, true}, {answered + 6000, false}});
}

TEST_CASE(
    "when the transport goes elsewhere, callbacks that wait do not go on, and what just happened is "
    "answered") {
  ClockStage stage{R"(
clock("jack")
v = voices(1, function(v) return v.gate end)
output("main", v)
osc.on("/hit", function()
  v:note(60, 1, 1/8)
  wait(1)
  v:note(60, 1, 1/8)
end)
)"};
  stage.settle();
  stage.start();
  stage.play(10000);
  REQUIRE(stage.bench.live.tell({.name = "osc /hit"}));
  stage.play(10000);
  CHECK(stage.edges().size() == 2);
  // Before the beat that the first one waits for.
  stage.locate(4800);
  stage.turn(64);
  REQUIRE(stage.bench.live.tell({.name = "osc /hit"}));
  stage.play(16000);
  CHECK(stage.edges().size() == 4);
  stage.play(20000);
  CHECK(stage.edges().size() == 6);
  stage.play(60000);
  CHECK(stage.edges().size() == 6);
}
