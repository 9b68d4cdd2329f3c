// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "dsp/power.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "the value at this time"}};
constexpr Fixed fixed[] = {
    points(
        "points",
        "each {seconds, value, curve}: how the value is reached from the point before: step (at once), lin "
        "(the default), exp (equal ratios in equal times) or s (3x² − 2x³)"),
    number("loop", Unit::seconds, 0, kNoLimit, 0, "starts again after so long; 0: never"),
};

std::string check(const Setup& setup) {
  const auto& all = std::get<std::vector<Point>>(setup.fixed[0]);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string_view curve = all[i].curve;
    if (curve != "step" && curve != "lin" && curve != "exp" && curve != "s")
      return fmt::format("point {}: curve \"{}\" is not one of step, lin, exp, s", i + 1, curve);
    if (i == 0) continue;
    if (!(all[i].time > all[i - 1].time))
      return fmt::format(
          "point {}: time {:.6g} s is not after the {:.6g} s of the point before; for a jump, use step",
          i + 1, all[i].time, all[i - 1].time);
    if (curve == "exp" && !(all[i].value * all[i - 1].value > 0))
      return fmt::format("point {}: exp goes between values of one sign and not 0, not from {:.6g} to {:.6g}",
                         i + 1, all[i - 1].value, all[i].value);
  }
  return {};
}

/// From one point's time on, to the next one's.
struct Segment {
  enum class Curve { step, lin, exp, s };
  double start, per_second;  ///< seconds; 1/length
  double from, change;       ///< the value there; what it goes up by, or for exp the ratio's binary logarithm
  Curve curve;

  float at(double time) const {
    const double x = (time - start) * per_second;
    switch (curve) {
      case Curve::lin:
        return static_cast<float>(from + change * x);
      case Curve::s:
        return static_cast<float>(from + change * x * x * (3 - 2 * x));
      case Curve::exp: {
        const double octaves = std::floor(change * x);  // in double: float would lose the fraction of many
        const double part = dsp::exp2(static_cast<float>(change * x - octaves));
        constexpr double kMost = std::numeric_limits<float>::max();  // rounding may lead past it
        return static_cast<float>(
            std::clamp(from * std::ldexp(part, static_cast<int>(octaves)), -kMost, kMost));
      }
      case Curve::step:
        break;
    }
    return static_cast<float>(from);
  }
};

Segment segment(const Point& a, const Point& b) {
  const double per_second = std::min(1 / (b.time - a.time), std::numeric_limits<double>::max());
  if (b.curve == "exp")
    return {a.time, per_second, a.value, std::log2(b.value / a.value), Segment::Curve::exp};
  if (b.curve == "step") return {a.time, per_second, a.value, 0, Segment::Curve::step};
  return {a.time, per_second, a.value, b.value - a.value,
          b.curve == "s" ? Segment::Curve::s : Segment::Curve::lin};
}

class Lane final : public Node {
 public:
  explicit Lane(const Setup& setup) : rate_(setup.rate), loop_(setup.number(1) * setup.rate) {
    const auto& all = std::get<std::vector<Point>>(setup.fixed[0]);
    segments_.reserve(all.size() + 1);
    constexpr auto kStill = Segment::Curve::step;
    segments_.push_back({-1, 0, all.front().value, 0, kStill});
    for (std::size_t i = 0; i + 1 < all.size(); ++i) segments_.push_back(segment(all[i], all[i + 1]));
    segments_.push_back({all.back().time, 0, all.back().value, 0, kStill});
  }

  static Bytes memory(const Setup& setup) {
    return Bytes::of<Lane>(1) + Bytes::of<Segment>(std::get<std::vector<Point>>(setup.fixed[0]).size() + 1);
  }

  void process(const Block& io) noexcept override {
    float* out = io.out[0][0];
    for (int i = 0; i < io.frames; ++i) {
      auto frame = static_cast<double>(frame_++);
      if (loop_ > 0) frame -= std::floor(frame / loop_) * loop_;
      const double time = frame / rate_;
      if (time < segments_[now_].start || (now_ + 1 < segments_.size() && time >= segments_[now_ + 1].start))
        seek(time);
      out[i] = segments_[now_].at(time);
    }
  }

  void reset() noexcept override {
    frame_ = 0;
    now_ = 0;
  }

 private:
  void seek(double time) noexcept {
    const auto after = std::ranges::upper_bound(segments_, time, {}, &Segment::start);
    now_ = after == segments_.begin() ? 0 : static_cast<std::size_t>(after - segments_.begin()) - 1;
  }

  double rate_;
  double loop_;  ///< frames
  std::vector<Segment> segments_;
  std::size_t now_ = 0;
  Frames frame_ = 0;
};

}  // namespace

PERIGEE_NODE(lane) = {
    .kind = "lane",
    .group = "sources",
    .doc = "automation: a value that moves from point to point, from the moment it is made",
    .out = out,
    .fixed = fixed,
    .make = make<Lane>,
    .memory = Lane::memory,
    .check = check,
    .control = true,
};
