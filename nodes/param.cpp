// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {
    {.name = "cc", .doc = "0 … 1: when it changes, the value follows; see midi", .optional = true}};
constexpr Port out[] = {{"out", "the value; a change is ramped"}};
constexpr Param params[] = {
    {"value", Unit::none, -kNoLimit, kNoLimit, kRequired, "where it stands: min … max"}};
constexpr std::string_view curves[] = {"lin", "exp"};
constexpr Fixed fixed[] = {
    number("min", Unit::none, -kNoLimit, kNoLimit, 0, "the least value"),
    number("max", Unit::none, -kNoLimit, kNoLimit, 1, "the greatest value"),
    choice("curve", curves, "lin",
           "how a controller's way from min to max is spread; exp, as for pitch, needs min > 0"),
};

std::string check(const Setup& setup) {
  const double min = setup.number(0), max = setup.number(1);
  if (min >= max) return fmt::format("min {:.6g} is not below max {:.6g}", min, max);
  if (setup.text(2) == "exp" && min <= 0)
    return fmt::format("curve \"exp\" needs min above 0, not {:.6g}", min);
  return {};
}

constexpr double kSmooth = 0.005;  ///< seconds: controllers come in steps

/// A controller's way from 0 to 1, in the parameter's own range.
struct Way {
  double min, max;
  bool is_exp;

  float at(float controller) const noexcept {
    const double place = std::clamp(static_cast<double>(controller), 0.0, 1.0);
    return static_cast<float>(is_exp ? min * std::pow(max / min, place) : min + (max - min) * place);
  }
};

/// One lane. Whoever moved last is followed: the value that is set, or the controller.
class Follower {
 public:
  float next(const Way& way, Frames length, float controller, float value) noexcept {
    if (begun_ && controller != controller_) {
      by_controller_ = true;
      aim_ = way.at(controller);
      go_on_from(last_ - aim_, length);
    } else if (begun_ && by_controller_ && (is_set_ || value != value_)) {
      by_controller_ = false;
      go_on_from(last_ - value, length);
    }
    controller_ = controller;
    value_ = value;
    begun_ = true;
    is_set_ = false;
    last_ = by_controller_ ? aim_ : value;
    if (left_ > 0) last_ += lag_ * static_cast<float>(left_--) / static_cast<float>(length);
    return last_;
  }

  /// Perhaps to the number that it had before the controller moved.
  void is_set() noexcept { is_set_ = true; }

 private:
  void go_on_from(float lag, Frames length) noexcept {
    lag_ = lag;
    left_ = length;
  }

  bool begun_ = false, by_controller_ = false, is_set_ = false;
  float controller_ = 0, value_ = 0, aim_ = 0, last_ = 0;
  float lag_ = 0;  ///< where it was is so far from where it goes
  Frames left_ = 0;
};

class Parameter final : public Node {
 public:
  explicit Parameter(const Setup& setup)
      : way_{setup.number(0), setup.number(1), setup.text(2) == "exp"},
        length_(std::max<Frames>(1, static_cast<Frames>(kSmooth * setup.rate + 0.5))),
        lanes_(setup.lanes) {}
  static Bytes memory(const Setup& setup) {
    return Bytes::of<Parameter>(1) + Bytes::of<Follower>(setup.lanes);
  }

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const auto value = io.param[0][lane];
      const float* controller = io.in[0][lane];
      float* out = io.out[0][lane];
      for (int i = 0; i < io.frames; ++i)
        out[i] = io.in[0].wired ? lanes_[lane].next(way_, length_, controller[i], value[i]) : value[i];
    }
  }
  void reset() noexcept override { std::ranges::fill(lanes_, Follower()); }
  void is_set(unsigned) noexcept override { std::ranges::for_each(lanes_, &Follower::is_set); }

 private:
  Way way_;
  Frames length_;
  std::vector<Follower> lanes_;
};

}  // namespace

PERIGEE_NODE(param) = {
    .kind = "param",
    .group = "sources",
    .doc = "a value to be played: set, glided, or moved by a controller",
    .in = in,
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make<Parameter>,
    .memory = Parameter::memory,
    .check = check,
    .control = true,
    .args = "value min max",
    .bounds = 0,
};
