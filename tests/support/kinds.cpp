// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/kinds.h"

#include <cmath>
#include <vector>

namespace perigee::test {

namespace {

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "signal"}};
constexpr Fixed lag_fixed[] = {number("frames", Unit::frames, 0, 1 << 16, 0, "how much later")};

class Lag final : public Node {
 public:
  explicit Lag(const Setup& setup)
      : size_(static_cast<std::size_t>(setup.number(0)) + 1), memory_(size_ * setup.lanes) {}

  void process(const Block& io) noexcept override {
    for (int i = 0; i < io.frames; ++i) {
      const std::size_t next = (at_ + 1) % size_;
      for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
        memory_[lane * size_ + at_] = io.in[0][lane][i];
        io.out[0][lane][i] = memory_[lane * size_ + next];
      }
      at_ = next;
    }
  }
  void reset() noexcept override {}

 private:
  std::size_t size_, at_ = 0;
  std::vector<float> memory_;
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

const Spec lag = {.kind = "lag",
                  .in = in,
                  .out = out,
                  .fixed = lag_fixed,
                  .make = make<Lag>,
                  .latency = [](const Setup& setup) { return static_cast<Frames>(setup.number(0)); }};
const Spec leak = {.kind = "leak", .in = in, .out = out, .make = make<Leak>};
const Spec root = {.kind = "root", .in = in, .out = out, .make = make<Root>};

}  // namespace perigee::test
