// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a patch can write for a fixed value: a number, a text, a list of numbers, or an envelope's points.

#pragma once

#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace perigee {

/// One point of an automation lane: the value reached at a time, and how it is approached from the point
/// before.
struct Point {
  double time = 0;  ///< seconds from the lane's start
  double value = 0;
  std::string curve = "lin";  ///< step, lin, exp or s
  bool operator==(const Point&) const = default;
  bool operator<(const Point& other) const {
    return std::tie(time, value, curve) < std::tie(other.time, other.value, other.curve);
  }
};

using Value = std::variant<double, std::string, std::vector<double>, std::vector<Point>>;

}  // namespace perigee
