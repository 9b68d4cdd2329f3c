// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <vector>

namespace perigee {

/// Of a series with at least one number; the upper one of the middle two.
inline double median(std::vector<double> series) {
  const auto middle = series.begin() + static_cast<std::ptrdiff_t>(series.size() / 2);
  std::ranges::nth_element(series, middle);
  return *middle;
}

inline double worst(const std::vector<double>& series) { return *std::ranges::max_element(series); }

}  // namespace perigee
