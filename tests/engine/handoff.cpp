// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/handoff.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "engine/build.h"
#include "support/effort.h"
#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

std::atomic<int> alive = 0;
std::atomic<std::thread::id> audio_thread;
std::atomic<int> freed_on_audio_thread = 0;

struct Counted {
  int number;
  explicit Counted(int n) : number(n) { ++alive; }
  ~Counted() {
    if (std::this_thread::get_id() == audio_thread.load()) ++freed_on_audio_thread;
    number = -1;
    --alive;
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
};

}  // namespace

TEST_CASE("a million swaps: each plan is seen whole, in order, and freed by the builder") {
  constexpr int kSwaps = effort(1000000);
  {
    Handoff<Counted> handoff;
    std::atomic<bool> stop = false;
    int wrong = 0, taken = 0;
    std::thread audio([&] {
      audio_thread = std::this_thread::get_id();
      int last = -1;
      while (!stop) {
        const Counted* plan = handoff.take();
        if (plan == nullptr) continue;
        if (plan->number < last) ++wrong;
        if (plan->number > last)
          ++taken;
        else
          std::this_thread::yield();
        last = plan->number;
      }
    });
    // As many as a machine gets done on which others run, too: there each wait may take milliseconds.
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::seconds(5);
    int most_alive = 0, swaps = 0;
    for (; swaps < kSwaps && (swaps % 64 != 0 || Clock::now() < end); ++swaps) {
      handoff.offer(std::make_unique<Counted>(swaps));
      handoff.collect();
      most_alive = std::max(most_alive, alive.load());
      if (swaps % 4 == 0)
        for (; handoff.waiting(); handoff.collect()) std::this_thread::yield();
    }
    stop = true;
    audio.join();
    CHECK(wrong == 0);
    CHECK(swaps > 0);
    CHECK(taken >= swaps / 4);
    CHECK(most_alive <= 3);
    CHECK(freed_on_audio_thread == 0);
  }
  CHECK(alive == 0);
}

TEST_CASE("a plan is not given back before the next has been adopted") {
  Handoff<Counted> handoff;
  handoff.offer(std::make_unique<Counted>(1));
  handoff.take([&](Counted& first) { CHECK(first.number == 1); });
  handoff.offer(std::make_unique<Counted>(2));
  int adopted = 0;
  const Counted* const taken = handoff.take([&](Counted& second) {
    CHECK(handoff.collect() == nullptr);
    adopted = second.number;
  });
  CHECK(adopted == 2);
  REQUIRE(taken != nullptr);
  CHECK(taken->number == 2);
  const auto spent = handoff.collect();
  REQUIRE(spent != nullptr);
  CHECK(spent->number == 1);
  handoff.take([&](Counted&) { CHECK(false); });  // nothing is new
}

TEST_CASE("programs are swapped under a running engine") {
  PatchMaker one, two;
  one.output("main", one.add(value_of, {}, {{"value", 1.0}}));
  two.output("main", two.add(value_of, {}, {{"value", 2.0}}));
  Engine engine;
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::thread audio([&] {
    std::vector<float> out(64);
    float* channel = out.data();
    while (!stop) {
      engine.process(nullptr, 0, &channel, 1, 64);
      const float first = out[0];
      if (first != 0 && first != 1 && first != 2) ++wrong;
      if (out != std::vector<float>(64, first)) ++wrong;
    }
  });
  for (int i = 0; i < effort(20000); ++i) {
    engine.publish(make_program((i % 2 == 0 ? one : two).patch));
    engine.collect();
  }
  stop = true;
  audio.join();
  CHECK(wrong == 0);
  CHECK(engine.now() > 0);
}

TEST_CASE("what a report speaks of lives until it has been received") {
  PatchMaker bad, good;
  bad.output("main", bad.add(root, {bad.add("constant", {}, {{"value", -1.0}})}, {}, {}, "bad"));
  good.output("main", good.add("constant", {}, {{"value", 1.0}}));
  Engine engine;
  std::weak_ptr<DriverChannels> alive;
  const auto publish = [&](const Patch& patch) {
    struct Held final : DriverChannels {
      std::shared_ptr<DriverChannels> tag = std::make_shared<DriverChannels>();
    };
    auto program = make_program(patch);
    auto held = std::make_unique<Held>();
    alive = held->tag;
    program->channels = std::move(held);
    engine.publish(std::move(program));
  };
  const auto run = [&] { play(engine, {}, 1, 64); };
  publish(bad.patch);
  run();
  engine.publish(make_program(good.patch));
  run();
  CHECK_FALSE(engine.collect());
  REQUIRE_FALSE(alive.expired());
  Report report;
  REQUIRE(engine.receive(report));
  CHECK(report.what == Report::What::fault);
  CHECK(report.from->name == "bad");
  while (engine.receive(report)) continue;
  CHECK(engine.collect());
  CHECK(alive.expired());
  // Meanwhile programs come and go, whoever listens.
  publish(bad.patch);
  run();
  for (int i = 0; i < 10; ++i) {
    engine.publish(make_program(i % 2 == 0 ? good.patch : bad.patch));
    engine.collect();
    run();
  }
  CHECK_FALSE(engine.collect());
  CHECK_FALSE(alive.expired());
  while (engine.receive(report)) CHECK(report.from->name == "bad");
  CHECK(engine.collect());
  CHECK(alive.expired());
}

TEST_CASE("nobody receives reports: what is spent is freed all the same, a little later") {
  PatchMaker bad;
  bad.output("main", bad.add(root, {bad.add("constant", {}, {{"value", -1.0}})}, {}, {}, "bad"));
  Engine engine;
  std::vector<std::weak_ptr<Instance>> instances;
  std::ptrdiff_t most = 0;
  for (int i = 0; i < 200; ++i) {
    auto program = make_program(bad.patch);
    instances.push_back(program->instances.front());
    const Program* const published = program.get();
    engine.publish(std::move(program));
    CHECK(engine.take() == published);
    play(engine, {}, 1, 64);
    engine.collect();
    most = std::max(most, std::ranges::count_if(instances, [](const auto& one) { return !one.expired(); }));
  }
  CHECK(most > 2);
  CHECK(most < 20);
}
