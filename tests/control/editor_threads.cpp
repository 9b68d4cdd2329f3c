// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One thread edits, one plays, and one looks at the time: what the sanitizers have to say about that.

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <random>
#include <thread>

#include "control/editor.h"
#include "support/edits.h"
#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// An engine that plays as fast as it can on a thread of its own, in periods of all lengths, while another
/// reads its time.
class TwoThreads {
 public:
  explicit TwoThreads(Engine& engine)
      : audio_([this, &engine] { play(engine); }), clock_([this, &engine] { look(engine); }) {}
  ~TwoThreads() { stop(); }
  TwoThreads(const TwoThreads&) = delete;
  TwoThreads& operator=(const TwoThreads&) = delete;

  void stop() {
    over_ = true;
    if (audio_.joinable()) audio_.join();
    if (clock_.joinable()) clock_.join();
  }

  std::atomic<float> last{0};       ///< sample on the first channel
  std::atomic<bool> finite{true};   ///< all that was heard
  std::atomic<bool> forward{true};  ///< the engine's time never went back

 private:
  void play(Engine& engine) {
    constexpr int kLongest = 200;
    std::mt19937_64 random(1);
    std::vector<float> first(kLongest), second(kLongest);
    float* out[] = {first.data(), second.data()};
    while (!over_) {
      const int frames = 1 + static_cast<int>(random() % kLongest);
      engine.process(nullptr, 0, out, 2, frames);
      last = first[static_cast<std::size_t>(frames) - 1];
      for (const auto& lane : {first, second})
        for (int i = 0; i < frames; ++i)
          if (!std::isfinite(lane[static_cast<std::size_t>(i)])) finite = false;
    }
  }
  void look(const Engine& engine) {
    for (Frames before = 0; !over_;) {
      const Frames now = engine.now();
      if (now < before) forward = false;
      before = now;
      std::this_thread::yield();
    }
  }

  std::atomic<bool> over_{false};
  std::thread audio_, clock_;
};

/// A patch to edit, and for every other one a node that makes NaN all the time.
Patch with_faults(unsigned number) {
  Patch patch = patch_to_edit(number);
  if (number % 2 != 0) return patch;
  PatchMaker maker{std::move(patch)};
  const Source bad = maker.add(root, {maker.add("constant", {}, {{"value", -1.0}})}, {}, {}, "bad");
  maker.add("meter", {bad}, {}, {}, "meter");
  return maker.patch;
}

}  // namespace

TEST_CASE("thousands of edits while it plays, with events and reports between them") {
  constexpr unsigned kEdits = 1000;
  constexpr unsigned kWaiting = 16384;  // events that the engine has room for
  constexpr Frames kLate = 50000;
  Engine engine;
  Editor editor(engine, [&](auto program, const auto&) { engine.publish(std::move(program)); });
  std::mt19937_64 random(7);
  const auto edit = [&](const Patch& patch) {
    std::vector<Mistake> mistakes;
    const Plan plan = compile(patch, 48000, mistakes);
    editor.edit(patch, plan, mistakes);
    REQUIRE(mistakes.empty());
  };
  edit(with_faults(0));
  TwoThreads playing(engine);

  std::size_t reports = 0, sent = 0, named = 0;
  const auto attend = [&] {
    Report report;
    while (engine.receive(report)) {
      ++reports;
      named += report.from->name == "bad" || report.from->name.starts_with("meter") ? 1 : 0;
    }
    std::this_thread::yield();
    return editor.attend();
  };
  /// The queue may be full: then again, unless nobody takes anything out of it for a minute.
  const auto send = [&](const Event& event) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!engine.send(event)) {
      if (std::chrono::steady_clock::now() > end) FAIL("the engine takes no events");
      std::this_thread::yield();
    }
    ++sent;
  };
  const auto wait_until = [&](Frames time) {
    while (engine.now() < time) attend();
  };
  for (unsigned i = 0; i < kEdits; ++i) {
    // At times so many for a node that stays that those for the others have to wait behind them.
    const bool many = i % 100 == 0;
    const Frames soon = engine.now() + 5000;
    for (unsigned k = 0; many && k < kWaiting; ++k)
      send({.time = soon, .target = editor.instance(0), .value = 200});
    // To every node, some for so late that it may leave before.
    for (NodeId id = 0; id < editor.patch().nodes.size(); ++id) {
      Instance* const target = editor.instance(id);
      if (target == nullptr || target->numbers.empty() || target->name == "bad") continue;
      const Frames later = random() % 8 == 0 ? kLate : static_cast<Frames>(random() % 500);
      send({.time = engine.now() + later, .target = target, .value = 0.5F, .glide = 64});
    }
    edit(with_faults(static_cast<unsigned>(random() % kPatchesToEdit)));
    // At times until it is heard, at times until it is over, at times not at all.
    const auto patience = random() % 3;
    if (patience == 1) wait_until(engine.now() + 500);
    while ((patience == 2 || many) && attend()) continue;
  }
  while (attend()) continue;

  // There is room for as many events as at first: none was lost on those who left.
  PatchMaker maker;
  maker.output("main", maker.add(value_of, {}, {{"value", 0.125}}, {}, "value"));
  edit(maker.patch);
  while (attend()) continue;
  wait_until(engine.now() + 2 * kLate);
  for (unsigned k = 1; k < kWaiting; ++k)
    send({.time = INT64_MAX / 2, .target = editor.instance(0), .value = 1});
  send({.target = editor.instance(0), .value = 2});
  for (const Frames end = engine.now() + kLate; engine.now() < end && playing.last != 2;) attend();
  CHECK(playing.last == 2);
  // … and not for more: the next waits in the queue.
  send({.time = INT64_MAX / 2, .target = editor.instance(0), .value = 1});
  send({.target = editor.instance(0), .value = 3});
  wait_until(engine.now() + 1000);
  CHECK(playing.last == 2);
  playing.stop();
  CHECK(playing.finite);
  CHECK(playing.forward);
  CHECK(sent > kEdits);
  CHECK(named == reports);
  CHECK(reports > 0);
}
