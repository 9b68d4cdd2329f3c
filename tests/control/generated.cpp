// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Generated scripts, sensible, odd and hostile ones, rendered and edited while they play. Whatever they are:
// nothing crashes, hangs or grows beyond bounds, all that is wrong is told by file and line, what comes out
// is finite, and the same for any period. PERIGEE_PROGRAMS and PERIGEE_EDITS tell how many; PERIGEE_SEED,
// from which on; with PERIGEE_MOST, it goes on after a failure until there are so many, and does not shrink
// them.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <thread>

#include "support/effort.h"
#include "support/offspring.h"
#include "support/performance.h"
#include "support/saved_script.h"
#include "support/script_maker.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr double kScriptSeconds = 0.3;  // of a script, so that endless ones do not take all the time
constexpr Bytes kMemory(std::uint64_t{256} << 20U);  // of a patch
constexpr float kLoudest = 100;                      // of what is guarded

std::uint64_t from_environment(const char* name, std::uint64_t usual) {
  const char* given = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): set before the start
  return given == nullptr ? usual : std::strtoull(given, nullptr, 10);
}

/// What a mistake lacks. Some are about no line: that there is nothing to undo; or, where the machine is so
/// busy that a script does not come to its end, about a file as a whole.
std::string lacks(const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    if (mistake.text.starts_with("there is nothing to ")) continue;
    if (mistake.text.find("nothing can interrupt") != std::string::npos) continue;
    if (mistake.text.empty()) return "a mistake without words";
    if (mistake.where.file.empty() || mistake.where.line < 1)
      return fmt::format("a mistake without a place: {}", mistake.text);
  }
  return {};
}

std::string loud(std::span<const float> lane, float most) {
  for (const float sample : lane)
    if (!(std::abs(sample) <= most)) return fmt::format("{} comes out", sample);
  return {};
}

LoadOptions options_for(const std::string& text) {
  return {.seconds = kScriptSeconds, .text = text, .print = [](std::string_view) {}, .memory = kMemory};
}

/// Frames that do not take too long.
Frames affordable(const Plan& plan) {
  double lanes = 1;
  for (const Shape& shape : plan.shapes) lanes += shape.lanes;
  return static_cast<Frames>(std::clamp(1e7 / kEase / lanes, 64.0, 3000.0));
}

std::string play_program(Choices& choices, Watcher& watcher, const Folder& folder) {
  const ScriptMaker maker(choices);
  const std::string text = maker.text();
  const auto path = folder.path / "patch.lua";
  const auto load_it = [&](const char* what) {
    watcher.step(fmt::format("{}:\n{}", what, text));
    return load(path, options_for(text));
  };
  LoadedPatch loaded = load_it("load");
  if (loaded.program == nullptr && loaded.mistakes.empty()) return "neither a program nor a mistake";
  if (std::string wrong = lacks(loaded.mistakes); !wrong.empty() || loaded.program == nullptr) return wrong;
  const Frames frames = affordable(loaded.plan);
  const Sound in = white_noise(loaded.program->in_channels, frames, 1);
  const auto play = [&](LoadedPatch patch, const Periods& periods) {
    watcher.step(fmt::format("play {} frames by {}:\n{}", frames, periods.frames, text));
    return perform(std::move(patch), in, frames, periods);
  };
  const Performance one = play(std::move(loaded), {.frames = 64});
  for (const Lane& lane : one.out)
    if (std::string wrong = loud(lane, std::numeric_limits<float>::max()); !wrong.empty()) return wrong;
  if (std::string wrong = lacks(one.mistakes); !wrong.empty()) return wrong;
  if (maker.races() || !one.mistakes.empty()) return {};
  LoadedPatch again = load_it("load again");
  if (again.program == nullptr) return {};  // stopped by a busy machine
  const Performance other = play(std::move(again), {.frames = 500, .seed = 1});
  if (!other.mistakes.empty()) return {};
  return one.out.size() == other.out.size() &&
                 std::ranges::equal(one.out, other.out,
                                    [](const Lane& a, const Lane& b) { return identical({a}, {b}); })
             ? ""
             : "another period makes another sound";
}

/// A patch that plays, and whatever happens to it.
class EditedScript {
 public:
  EditedScript(Choices& choices, Watcher& watcher, const Folder& folder)
      : choices_(choices),
        watcher_(watcher),
        folder_(folder),
        maker_(choices),
        live_(engine_, driver_, folder.path / "patch.lua",
              {.seconds = kScriptSeconds, .print = [](std::string_view) {}, .memory = kMemory}) {
    driver_.room = 2048;
    engine_.guard(kLoudest);
  }

  std::string run() {
    for (std::uint32_t left = 2 + choices_.below(12); left > 0; --left) {
      const std::string wrong = act();
      if (!wrong.empty()) return wrong;
    }
    return {};
  }

 private:
  std::string act() {
    switch (started_ ? choices_.below(9) : 0) {
      case 0:
      case 1:
        return save();
      case 2:
      case 3:
        return send(maker_.code());
      case 4:
        step("undo");
        live_.undo();
        return {};
      case 5:
        step("redo");
        live_.redo();
        return {};
      case 6:
        return happen();
      default:
        return play();
    }
  }
  void step(const std::string& what) {
    story_ += fmt::format("-- {}\n", what);
    watcher_.step(story_);
  }
  std::string save() {
    if (started_) maker_.edit();
    step(fmt::format("save:\n{}", maker_.text()));
    folder_.write("patch.lua", maker_.text());
    std::vector<Mistake> mistakes;
    try {
      mistakes = live_.save();
    } catch (const SystemError&) {  // the first has no room for its ports
      return {};
    }
    started_ |= mistakes.empty();
    return lacks(mistakes);
  }
  std::string send(const std::string& code) {
    step(fmt::format("send: {}", code));
    live_.start_run({.text = code, .file = "sent.lua", .print = [](std::string_view) {}}, {});
    while (true) {
      if (const auto sent = live_.attend_run()) return lacks(sent->mistakes);
      if (std::string wrong = play_period(); !wrong.empty()) return wrong;
    }
  }
  std::string happen() {
    step("messages");
    live_.tell({"osc /a",
                {choices_.of({60.0, 0.5, 1e308, std::numeric_limits<double>::quiet_NaN(), -1.0}), "text"}});
    live_.tell({"jack port", {"other:port", choices_.below(2) == 0}});
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(0x80 | choices_.below(112)),
                                  static_cast<std::uint8_t>(choices_.below(128)),
                                  static_cast<std::uint8_t>(choices_.below(128))};
    engine_.take();
    if (const auto message = message_of(bytes)) engine_.hear(0, 0, *message);
    return play_period();
  }
  std::string play() {
    const std::uint32_t periods = 1 + choices_.below(20);
    step(fmt::format("play {} periods", periods));
    for (std::uint32_t i = 0; i < periods; ++i)
      if (std::string wrong = play_period(); !wrong.empty()) return wrong;
    return {};
  }
  std::string play_period() {
    if (std::string wrong = lacks(live_.play(0.1)); !wrong.empty()) return wrong;
    live_.attend();
    std::vector<const float*> in(driver_.room, in_.data());
    std::vector<float*> out;
    out_.resize(std::size_t{driver_.room} * kChunk);
    for (unsigned channel = 0; channel < driver_.room; ++channel)
      out.push_back(&out_[std::size_t{channel} * kChunk]);
    engine_.process(in.data(), driver_.room, out.data(), driver_.room, kChunk);
    for (Report report; engine_.receive(report);) live_.hear(report);
    return loud(out_, kLoudest);
  }

  Choices& choices_;
  Watcher& watcher_;
  const Folder& folder_;
  ScriptMaker maker_;
  Engine engine_;
  HandDriver driver_{engine_};
  LivePatch live_;
  bool started_ = false;
  std::string story_;
  Lane in_ = white_noise(1, kChunk, 1)[0], out_;
};

std::string edit_program(Choices& choices, Watcher& watcher, const Folder& folder) {
  return EditedScript(choices, watcher, folder).run();
}

using Scenario = std::string (*)(Choices&, Watcher&, const Folder&);

constexpr Limits kLimits = {};

/// The same, made as simple as can be.
std::string shrunk(std::uint64_t number, Scenario scenario, const Folder& folder) {
  constexpr int kAttempts = 400;
  Choices::List list;
  {
    // What a case draws, it draws whatever becomes of it only until it fails: so it is asked here.
    const auto verdict = failures(
        number, 1, kLimits,
        [&](std::uint64_t seed, Watcher& watcher) {
          Choices choices(seed);
          struct Teller final : Watcher {
            Teller(Watcher& to, const Choices& from) : to_(to), from_(from) {}
            void step(const std::string&) override {
              std::string all;
              for (const std::uint32_t one : from_.made()) all += fmt::format("{} ", one);
              to_.step(all);
            }
            Watcher& to_;
            const Choices& from_;
          } teller(watcher, choices);
          return scenario(choices, teller, folder);
        },
        true);
    if (verdict.empty()) return "it does not fail again";
    const std::string& words = verdict.front().words;
    const char* at = words.c_str() + words.rfind("last: ") + 6;
    for (char* end = nullptr;; at = end) {
      const unsigned long one = std::strtoul(at, &end, 10);
      if (end == at) break;
      list.push_back(static_cast<std::uint32_t>(one));
    }
  }
  std::string last;
  const auto fails = [&](const Choices::List& candidate) {
    const auto verdict = failures(
        0, 1, kLimits,
        [&](std::uint64_t, Watcher& watcher) {
          Choices choices(candidate);
          return scenario(choices, watcher, folder);
        },
        true);
    if (!verdict.empty()) last = verdict.front().words;
    return !verdict.empty();
  };
  const auto simple = simplest(list, fails, kAttempts);
  return fails(simple) ? last : "it does not always fail";
}

void run_all(const char* count, std::uint64_t usual, Scenario scenario) {
  const Folder folder;
  record(folder.path / "sample.wav", 1000);
  std::random_device device;
  const std::uint64_t first = from_environment("PERIGEE_SEED", device());
  const std::uint64_t most = from_environment("PERIGEE_MOST", 0);
  const auto found = failures(
      first, from_environment(count, usual), kLimits,
      [&](std::uint64_t seed, Watcher& watcher) {
        Choices choices(seed);
        return scenario(choices, watcher, folder);
      },
      false, std::max<std::uint64_t>(most, 1));
  for (const Verdict& verdict : found) {
    const std::string simple = most > 0 ? "" : shrunk(verdict.number, scenario, folder);
    FAIL_CHECK("seed " << verdict.number << ": " << verdict.words << "\nsimplest: " << simple);
  }
  MESSAGE("seeds from " << first);
  CHECK(found.empty());
}

}  // namespace

TEST_CASE("generated scripts load and play, or tell what is wrong") {
  run_all("PERIGEE_PROGRAMS", static_cast<std::uint64_t>(effort(300)), play_program);
}

TEST_CASE("generated scripts that are saved, sent to and undone while they play") {
  run_all("PERIGEE_EDITS", static_cast<std::uint64_t>(effort(60)), edit_program);
}
