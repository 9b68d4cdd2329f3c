// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/dummy.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

using SteadyClock = std::chrono::steady_clock;

/// Waits for engine time, as long as it takes: a slow machine is no mistake.
bool reaches(const Engine& engine, Frames time) {
  const auto end = SteadyClock::now() + std::chrono::seconds(20);
  while (engine.now() < time && SteadyClock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return engine.now() >= time;
}

Built tone(double level) {
  PatchMaker maker;
  const Source sine = maker.add("sine", {}, {{"hz", 1000.0}});
  maker.output("main", maker.add("gain", {sine}, {{"level", level}}));
  maker.output("in", maker.input("mic", 2));
  return built(maker.patch);
}

void publish(DummyDriver& driver, Built&& what) {
  driver.prepare(*what.program);
  driver.publish(std::move(what.program), what.latencies);
}

}  // namespace

TEST_CASE("the clock runs the engine, at its rate and no faster") {
  for (const int period : {16, 64, 100, 1024}) {
    CAPTURE(period);
    Engine engine;
    DummyDriver driver(engine, 48000, period);
    publish(driver, tone(-6));
    CHECK(engine.now() == 0);
    const auto start = SteadyClock::now();
    driver.start();
    REQUIRE(reaches(engine, 9600));
    const std::chrono::duration<double> took = SteadyClock::now() - start;
    // Frames are never run before their time, but for the period that comes first.
    CHECK(took.count() > (9600.0 - period) / 48000);
    driver.stop();
    const Frames stopped = engine.now();
    CHECK(stopped % period == 0);
    CHECK(driver.peak() == doctest::Approx(0.5012).epsilon(0.001));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    CHECK(engine.now() == stopped);
  }
}

TEST_CASE("a program with other channels takes over while it runs") {
  Engine engine;
  DummyDriver driver(engine, 48000, 64);
  publish(driver, tone(-40));
  driver.start();
  REQUIRE(reaches(engine, 480));
  CHECK(driver.peak() < 0.011F);
  PatchMaker wide;
  wide.output("main", wide.add("sine", {}));
  wide.output("many", wide.input("in", 16));
  publish(driver, built(wide.patch));
  REQUIRE(reaches(engine, engine.now() + 4800));
  CHECK(engine.collect());
  CHECK(driver.peak() == doctest::Approx(1).epsilon(0.001));
}

TEST_CASE("a period that no clock keeps is refused") {
  Engine engine;
  CHECK_THROWS_AS(DummyDriver(engine, 192000, 1), SystemError);
  CHECK_THROWS_AS(DummyDriver(engine, 48000, 0), SystemError);
  CHECK_THROWS_AS(DummyDriver(engine, 0, 64), SystemError);
  CHECK_NOTHROW(DummyDriver(engine, 192000, 16));
}
