// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/tempo_map.h"

#include <algorithm>

namespace perigee::files {

TempoMap::TempoMap(TickLength length, std::vector<TempoChange> changes)
    : length_(length), changes_(std::move(changes)) {
  std::ranges::stable_sort(changes_, {}, &TempoChange::at);
}

double TempoMap::since_change(Ticks at) const {
  return static_cast<double>(at - now_.at) * (now_.microseconds / (length_.a_quarter * 1e6));
}

double TempoMap::seconds(Ticks at) {
  if (length_.a_quarter == 0) return static_cast<double>(at) / length_.a_second;
  for (; next_ < changes_.size() && changes_[next_].at <= at; ++next_) {
    seconds_ += since_change(changes_[next_].at);
    now_ = changes_[next_];
  }
  return seconds_ + since_change(at);
}

}  // namespace perigee::files
