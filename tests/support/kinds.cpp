// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/kinds.h"

#include <cmath>
#include <limits>
#include <vector>

namespace perigee::test {

namespace {

constexpr Port one_in[] = {{"in", "signal"}};
constexpr Port many_in[] = {{"in", "signals", true}};
constexpr Port one_out[] = {{"out", "result"}};
constexpr Port two_out[] = {{"out", "result"}, {"count", "frames since the last reset"}};
constexpr Port blend_out[] = {{"out", "signal"}, {"rest", "what was left over"}};
constexpr Fixed frames_fixed[] = {number("frames", Unit::frames, 0, 1e6, 0, "latency")};
constexpr Param gain_param[] = {{"gain", Unit::linear, -kNoLimit, kNoLimit, 1, "factor"}};
constexpr Param level_param[] = {{"level", Unit::linear, 0, 2, 1, "gain"}};
constexpr Param value_param[] = {{"value", Unit::none, -kNoLimit, kNoLimit, 0, "the value"}};
constexpr Param by_param[] = {{"by", Unit::none, -kNoLimit, kNoLimit, 1, "factor"}};

class LateSum final : public Node {
 public:
  explicit LateSum(const Setup& setup)
      : late_(static_cast<std::size_t>(setup.number(0))),
        memory_(setup.lanes, std::vector<float>(late_ + 1)),
        at_(setup.lanes) {}
  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane)
      for (int i = 0; i < io.frames; ++i) {
        float sum = 0;
        for (const Signal& in : io.in) sum += in[lane][i];
        auto& memory = memory_[lane];
        memory[at_[lane]] = sum * io.param[0][lane][i];
        at_[lane] = (at_[lane] + 1) % memory.size();
        io.out[0][lane][i] = memory[at_[lane]];  // the oldest: for late = 0 the one just written
      }
  }
  void reset() noexcept override {}

 private:
  std::size_t late_;
  std::vector<std::vector<float>> memory_;
  std::vector<std::size_t> at_;
};

class CopyOf final : public Node {
 public:
  explicit CopyOf(const Setup&) {}
  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane)
      for (int i = 0; i < io.frames; ++i) io.out[0][lane][i] = io.in[0][lane][i];
  }
  void reset() noexcept override {}
};

class ValueOf final : public Node {
 public:
  explicit ValueOf(const Setup&) {}
  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane)
      for (int i = 0; i < io.frames; ++i) io.out[0][lane][i] = io.param[0][lane][i];
  }
  void reset() noexcept override {}
};

class Multiply final : public Node {
 public:
  explicit Multiply(const Setup&) {}
  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane)
      for (int i = 0; i < io.frames; ++i) io.out[0][lane][i] = io.in[0][lane][i] * io.param[0][lane][i];
  }
  void reset() noexcept override {}
};

class Accumulate final : public Node {
 public:
  explicit Accumulate(const Setup& setup) : sums_(setup.lanes) {}
  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane)
      for (int i = 0; i < io.frames; ++i) io.out[0][lane][i] = sums_[lane] += io.in[0][lane][i];
  }
  void reset() noexcept override { std::ranges::fill(sums_, 0.F); }

 private:
  std::vector<float> sums_;
};

class Faulty final : public Node {
 public:
  explicit Faulty(const Setup&) {}
  void process(const Block& io) noexcept override {
    for (int i = 0; i < io.frames; ++i) {
      const float x = io.in[0][0][i];
      io.out[0][0][i] = x == 1000   ? std::numeric_limits<float>::quiet_NaN()
                        : x == 2000 ? std::numeric_limits<float>::infinity()
                                    : x;
      io.out[1][0][i] = count_++;
    }
  }
  void reset() noexcept override { count_ = 0; }

 private:
  float count_ = 0;
};

class Leak final : public Node {
 public:
  explicit Leak(const Setup& setup) : before_(setup.lanes) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane)
      for (int i = 0; i < io.frames; ++i)
        io.out[0][lane][i] = before_[lane] = io.in[0][lane][i] + 0.9F * before_[lane];
  }
  void reset() noexcept override { std::ranges::fill(before_, 0.F); }

 private:
  std::vector<float> before_;
};

class Root final : public Node {
 public:
  explicit Root(const Setup&) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane)
      for (int i = 0; i < io.frames; ++i) io.out[0][lane][i] = std::sqrt(io.in[0][lane][i]);
  }
  void reset() noexcept override {}
};

}  // namespace

const Spec late_sum = {.kind = "late_sum",
                       .group = "tests",
                       .doc = "sums, later",
                       .in = many_in,
                       .out = one_out,
                       .params = gain_param,
                       .fixed = frames_fixed,
                       .make = make<LateSum>,
                       .latency = [](const Setup& setup) { return static_cast<Frames>(setup.number(0)); }};
const Spec copy_of = {.kind = "copy_of",
                      .group = "tests",
                      .doc = "copies",
                      .in = one_in,
                      .out = one_out,
                      .params = by_param,
                      .make = make<CopyOf>,
                      .in_place = true};
const Spec value_of = {.kind = "value_of",
                       .group = "tests",
                       .doc = "a value",
                       .out = one_out,
                       .params = value_param,
                       .make = make<ValueOf>};
const Spec multiply_ = {.kind = "multiply_",
                        .group = "tests",
                        .doc = "multiplies",
                        .in = one_in,
                        .out = one_out,
                        .params = by_param,
                        .make = make<Multiply>,
                        .in_place = true};
const Spec accumulate = {.kind = "accumulate",
                         .group = "tests",
                         .doc = "sums over time",
                         .in = one_in,
                         .out = one_out,
                         .make = make<Accumulate>};
const Spec faulty = {.kind = "faulty",
                     .group = "tests",
                     .doc = "makes NaN",
                     .in = one_in,
                     .out = two_out,
                     .make = make<Faulty>};

const Spec leak = {.kind = "leak", .in = one_in, .out = one_out, .make = make<Leak>};
const Spec root = {.kind = "root", .in = one_in, .out = one_out, .make = make<Root>};

const Spec late = {
    .kind = "late",
    .group = "tests",
    .doc = "declares latency",
    .in = one_in,
    .out = one_out,
    .fixed = frames_fixed,
    .latency = [](const Setup& setup) { return static_cast<Frames>(setup.number(0)); },
};
const Spec blend = {.kind = "blend",
                    .group = "tests",
                    .doc = "mixes",
                    .in = many_in,
                    .out = blend_out,
                    .params = level_param};

}  // namespace perigee::test
