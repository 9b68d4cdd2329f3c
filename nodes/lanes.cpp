// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <vector>

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "one lane a value"}};
constexpr Fixed fixed[] = {numbers("values", Unit::none, "what each lane holds")};

constexpr std::size_t kMost = 65536;  ///< a bundle is never wider

std::size_t count_of(const Setup& setup) { return std::get<std::vector<double>>(setup.fixed[0]).size(); }

std::string check(const Setup& setup) {
  const std::size_t count = count_of(setup);
  return count <= kMost ? std::string() : fmt::format("values: {} are more than {}", count, kMost);
}

class Lanes final : public Node {
 public:
  explicit Lanes(const Setup& setup) {
    values_.reserve(count_of(setup));
    for (const double value : std::get<std::vector<double>>(setup.fixed[0]))
      values_.push_back(static_cast<float>(value));
  }
  static Bytes memory(const Setup& setup) { return Bytes::of<Lanes>(1) + Bytes::of<float>(count_of(setup)); }

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane)
      std::fill_n(io.out[0][lane], io.frames, values_[lane]);
  }
  void reset() noexcept override {}

 private:
  std::vector<float> values_;
};

}  // namespace

PERIGEE_NODE(lanes) = {
    .kind = "lanes",
    .group = "sources",
    .doc = "a bundle of numbers: what follows is as wide",
    .out = out,
    .fixed = fixed,
    .make = make<Lanes>,
    .lanes = [](const Setup& setup) { return static_cast<unsigned>(count_of(setup)); },
    .memory = Lanes::memory,
    .check = check,
    .still = true,
    .control = true,
};
