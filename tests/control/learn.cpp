// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MIDI learn, from what is sent to what is heard.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <random>
#include <thread>

#include "support/effort.h"
#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// A patch with a param, and a hand at a box of controllers.
struct KnobStage {
  explicit KnobStage(std::string_view text) : bench(text) {}

  LivePatch::Sent send(const std::string& code) {
    bench.live.start_run({.text = code, .file = "block.lua"}, {});
    while (true) {
      if (auto sent = bench.live.attend_run()) {
        settle();
        return *sent;
      }
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
  std::string told(const std::string& code) {
    const auto sent = send(code);
    return sent.mistakes.empty() ? "" : to_string(sent.mistakes[0]);
  }
  void look() {
    for (Report report; bench.engine.receive(report);) bench.live.hear(report);
    bench.live.play(0.1);
  }
  void settle() {
    for (int i = 0; i < 200; ++i) {
      look();
      bench.play(kChunk);
    }
  }
  void turn(unsigned number, unsigned value, unsigned channel = 1) {
    bench.engine.take();
    bench.engine.hear(port, 0,
                      {.what = Message::What::control,
                       .channel = static_cast<std::uint8_t>(channel - 1),
                       .number = static_cast<std::uint8_t>(number),
                       .value = static_cast<float>(value)});
    settle();
  }
  float value() const { return bench.heard.back(); }

  Bench bench;
  unsigned port = 0;
};

constexpr std::string_view kBox = R"(
keys = midi("keys")
pads = midi("pads")
level = param{ 0.5, 0, 127 }
output("main", level)
)";

}  // namespace

TEST_CASE("the controller that is turned next is learned, and moves the param from there on") {
  KnobStage stage{kBox};
  stage.turn(74, 100);
  CHECK(stage.value() == 0.5F);
  CHECK(stage.send("learn(level)").value == "level waits for the controller that is turned next");
  CHECK(*stage.send("learn()").value == "level waits for a controller");
  stage.turn(123, 0);  // means something to all
  stage.turn(74, 90, 3);
  const auto notices = stage.bench.live.take_notices();
  REQUIRE(notices.size() == 1);
  CHECK(
      notices[0] ==
      "level has learned its controller; cc = midi(\"keys\"):cc(74, { channel = 3 }) in its param keeps it");
  CHECK(*stage.send("learn()").value == "level = midi(\"keys\"):cc(74, { channel = 3 })");
  CHECK(stage.value() == doctest::Approx(90));
  stage.turn(74, 20, 3);
  CHECK(stage.value() == doctest::Approx(20));
  stage.turn(74, 30, 4);
  CHECK(stage.value() == doctest::Approx(20));
  CHECK(stage.told("learn(level)").empty());
  stage.port = 1;
  stage.turn(7, 40);
  stage.turn(7, 41);
  CHECK(stage.value() == doctest::Approx(41));
  CHECK(stage.send("undo()").mistakes.empty());
  stage.port = 0;
  stage.turn(74, 22, 3);
  CHECK(stage.value() == doctest::Approx(22));
}

TEST_CASE("an NRPN is learned by its number, once its value is entered") {
  KnobStage stage{kBox};
  CHECK(stage.told("learn(level)").empty());
  stage.turn(99, 2);
  stage.turn(98, 44);
  stage.turn(6, 64);
  CHECK(*stage.send("learn()").value == "level = midi(\"keys\"):cc(300, { kind = \"nrpn\", channel = 1 })");
  CHECK(stage.told("learn(level)").empty());
  stage.turn(101, 0);  // the range of the pitch wheel, which no param means
  stage.turn(100, 0);
  stage.turn(6, 12);
  stage.turn(38, 0);
  stage.turn(1, 5);
  CHECK(*stage.send("learn()").value == "level = midi(\"keys\"):cc(1, { channel = 1 })");
}

TEST_CASE("what cannot be learned is told, and changes nothing") {
  KnobStage stage{"level = param{ 0.5, 0, 127 }\ntone = sine(3)\noutput('main', level + tone * 0)\n"};
  CHECK(stage.told("learn(level)") ==
        "block.lua:1: learn: the patch has no MIDI port: keys = midi(\"keys\") makes one");
  CHECK(stage.bench.save(std::string(kBox) + "tone = sine(3)\nlevels = { param{ 1, 0, 2 } }\n"
                                             "output('more', levels[1])\n") == Texts());
  stage.settle();
  CHECK(stage.told("learn(tone)") ==
        "block.lua:1: learn takes a param; this is a sine: what is to be turned is a param, as in "
        "x = param{ 1, 0, 2 }");
  CHECK(stage.told("learn(3)") == "block.lua:1: learn takes a param, not a number");
  CHECK(stage.told("learn(levels[1])") ==
        "block.lua:1: learn: no global holds this param, so that it has no name");
  CHECK(stage.told("learn(level, false)") == "block.lua:1: learn: level has learned no controller");
  CHECK(stage.told("learn(levle)").find("levle is not defined: did you mean level?") != std::string::npos);
  CHECK_FALSE(stage.send("learn()").value);
  CHECK(stage.told("learn(level)").empty());
  CHECK(stage.told("learn(false)").empty());
  stage.turn(74, 90);
  CHECK_FALSE(stage.send("learn()").value);
  CHECK(stage.bench.save("learn()\noutput('main', sine(3))") ==
        Texts{"patch.lua:1: learn() is for code that is sent to a patch that plays"});
}

TEST_CASE("saves, sent code, undo and learning in any order: the right controller moves the param") {
  std::random_device device;
  for (int run = 0; run < effort(6); ++run) {
    const auto seed = device();
    CAPTURE(seed);
    std::mt19937 random(seed);
    using Number = std::optional<unsigned>;  // of a controller
    struct Model {
      Number given, learned, instead;
      bool operator==(const Model&) const = default;
      Number moves() const { return learned ? learned : given; }
    };
    Model now;
    std::vector<Model> before, after;
    const auto text = [](Number given) {
      return fmt::format("keys = midi('keys')\nlevel = param{{ 0.5, 0, 127{} }}\noutput('main', level)\n",
                         given ? fmt::format(", cc = keys:cc({})", *given) : "");
    };
    KnobStage stage{text(std::nullopt)};
    const auto any = [&]() -> unsigned { return 70 + random() % 3; };
    const auto remember = [&](const Model& then) {
      before.push_back(then);
      after.clear();
    };
    unsigned last = 0;
    for (int step = 0; step < 25; ++step) {
      CAPTURE(step);
      const Model then = now;
      switch (const auto what = random() % 7; what) {
        case 0: {
          const Number given = random() % 2 == 0 ? Number() : Number(any());
          now.given = given;
          if (given != now.instead) now.learned = now.instead = std::nullopt;
          CHECK(stage.bench.save(text(given)) == Texts());
          stage.settle();
          remember(then);
          break;
        }
        case 1:
        case 2: {
          const unsigned number = any();
          if (!now.learned) now.instead = now.given;
          now.learned = number;
          CHECK(stage.told("learn(level)").empty());
          stage.turn(number, last = (last + 1) % 100);
          CHECK(stage.bench.live.take_notices().size() == 1);
          remember(then);
          break;
        }
        case 3:
          if (!now.learned) break;
          CHECK(stage.told("learn(level, false)").empty());
          now.learned = now.instead = std::nullopt;
          remember(then);
          break;
        case 4:
          CHECK(stage.told(fmt::format("more{} = sine({})", step, step)).empty());
          remember(then);
          break;
        default: {
          auto& from = what == 5 ? before : after;
          auto& to = what == 5 ? after : before;
          CHECK(stage.told(what == 5 ? "undo()" : "redo()").empty() == !from.empty());
          if (from.empty()) break;
          to.push_back(now);
          now = from.back();
          from.pop_back();
        }
      }
      stage.settle();
      for (unsigned number = 70; number < 73; ++number) {
        stage.turn(number, last = (last + 1) % 100);
        CAPTURE(number);
        if (now.moves() == number) REQUIRE(stage.value() == doctest::Approx(last));
      }
      if (!now.moves()) REQUIRE(stage.value() == 0.5F);
    }
  }
}
