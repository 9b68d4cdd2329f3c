// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/osc_refusals.h"

#include <fmt/format.h>

#include "text/printable.h"

namespace perigee {

namespace {

constexpr std::int64_t kTellEvery = 1'000'000'000;  // nanoseconds
constexpr std::size_t kLongestText = 200;           // bytes: more can be read by nobody

}  // namespace

void OscRefusals::add(std::string_view from, std::string_view why) {
  ++count_;
  from_ = from;
  why_ = why.substr(0, kLongestText);
}

std::string OscRefusals::due(std::int64_t clock) {
  if (count_ == told_) return {};
  if (last_told_ != INT64_MIN && clock - last_told_ < kTellEvery) return {};
  const std::uint64_t fresh = count_ - told_;
  told_ = count_;
  last_told_ = clock;
  return fmt::format("refused {} from {}{}: {}", fresh, from_, fresh > 1 ? ", the last" : "",
                     printable(why_));
}

}  // namespace perigee
