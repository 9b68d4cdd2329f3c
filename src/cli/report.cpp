// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perigee::cli {

namespace {
constexpr int kMostFaultsTold = 3;  ///< of one node: after that it is known
}  // namespace

void print_mistakes(std::span<const Mistake> mistakes) {
  for (const Mistake& mistake : mistakes) fmt::print(stderr, "{}\n", to_string(mistake));
}

void Reports::take(Engine& engine) {
  for (Report report; engine.receive(report);) {
    if (report.what == Report::What::fault) {
      const int count = ++faults_[report.from];
      if (count <= kMostFaultsTold)
        fmt::print(stderr, "{} \"{}\" made NaN or infinity in frame {}: silenced and started anew{}\n",
                   report.from->spec->kind, report.from->name, report.time,
                   count == kMostFaultsTold ? " (no more of this is told)" : "");
      continue;
    }
    const auto known = std::ranges::find(last_, report.from, &std::pair<const Instance*, Report>::first);
    if (known == last_.end()) {
      last_.emplace_back(report.from, report);
    } else {
      known->second = report;
    }
  }
}

void Reports::print_readings() const {
  for (const auto& [instance, report] : last_) {
    fmt::print("{}:", instance->name);
    const auto& readings = instance->spec->readings;
    for (std::size_t i = 0; i < readings.size(); ++i) {
      const std::string_view unit = symbol(readings[i].unit);
      fmt::print(" {} {:.6g}{}{}", readings[i].name, report.readings[i], unit.empty() ? "" : " ", unit);
    }
    fmt::print("\n");
  }
}

}  // namespace perigee::cli
