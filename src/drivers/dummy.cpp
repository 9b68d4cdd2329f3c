// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/dummy.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace perigee {

namespace {

constexpr double kShortestSleep = 50e-6;  // seconds a period: below, waking up takes longer than sleeping
constexpr int kPriority = 70;
constexpr std::int64_t kSecond = 1'000'000'000;  // nanoseconds
/// So late the clock gives up catching up, and starts anew: nanoseconds.
constexpr std::int64_t kHopeless = kSecond / 5;

std::int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * kSecond + time.tv_nsec;
}

void sleep_until(std::int64_t time) {
  const timespec end{.tv_sec = time / kSecond, .tv_nsec = time % kSecond};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nullptr) == EINTR) continue;
}

}  // namespace

struct DummyDriver::Channels final : DriverChannels {
  Channels(unsigned in, unsigned out, int period)
      : silence(static_cast<std::size_t>(period)),
        thrown_away(static_cast<std::size_t>(period) * out),
        in_buffers(in, silence.data()) {
    for (unsigned i = 0; i < out; ++i)
      out_buffers.push_back(thrown_away.data() + std::size_t{i} * silence.size());
  }
  std::vector<float> silence, thrown_away;
  std::vector<const float*> in_buffers;
  std::vector<float*> out_buffers;
};

DummyDriver::DummyDriver(Engine& engine, double rate, int period, unsigned threads)
    : engine_(engine), rate_(rate), period_(period), threads_(threads) {
  if (!(rate > 0) || period < 1 || period / rate < kShortestSleep)
    throw SystemError(
        fmt::format("no clock keeps {} frames at {} Hz: a period must last 50 µs or more", period, rate));
}

DummyDriver::~DummyDriver() { stop(); }

std::string DummyDriver::describe() const {
  return !clock_.joinable() ? "dummy driver"
         : fifo_            ? fmt::format("dummy driver, real-time priority {}", kPriority)
                            : "dummy driver, without real-time priority: the system does not permit it";
}

void DummyDriver::prepare(Program& program) {
  program.channels = std::make_unique<Channels>(program.in_channels, program.out_channels, period_);
}

void DummyDriver::publish(std::unique_ptr<Program> program, const PortLatencies&) {
  engine_.publish(std::move(program));
}

void DummyDriver::start() {
  if (threads_ > 1) workers_.emplace(engine_, threads_, kPriority);
  clock_ = std::jthread([this] { keep_time(); });
  const sched_param priority{.sched_priority = kPriority};
  fifo_ = pthread_setschedparam(clock_.native_handle(), SCHED_FIFO, &priority) == 0;
}

void DummyDriver::stop() {
  stopping_ = true;
  if (clock_.joinable()) clock_.join();
  workers_.reset();
}

News DummyDriver::attend() {
  bell_.silence();
  return {.late = late_.exchange(0)};
}

void DummyDriver::keep_time() {
  std::int64_t start = now();
  Frames done = 0;
  while (!stopping_) {
    run_period();
    done += period_;
    // From the count of frames, so that nothing adds up.
    const auto due =
        start + static_cast<std::int64_t>(static_cast<double>(done) / rate_ * static_cast<double>(kSecond));
    const std::int64_t behind = now() - due;
    if (behind > 0) {
      ++late_;
      bell_.ring();
    }
    if (behind > kHopeless) {
      start = now();
      done = 0;
    }
    sleep_until(due);
  }
}

void DummyDriver::run_period() noexcept {
  Program* program = engine_.take();
  if (program == nullptr) return;
  auto& channels = static_cast<Channels&>(*program->channels);
  engine_.run(channels.in_buffers.data(), static_cast<unsigned>(channels.in_buffers.size()),
              channels.out_buffers.data(), static_cast<unsigned>(channels.out_buffers.size()), period_);
  float peak = peak_;
  for (const float sample : channels.thrown_away) peak = std::max(peak, std::abs(sample));
  peak_ = peak;
}

}  // namespace perigee
