// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/reporter.h"

#include <fmt/format.h>

#include <cmath>

#include "terminal/console.h"

namespace perigee {

namespace {

constexpr double kQuiet = 1;  // seconds between two messages about one node

/// lowpass "lead", or lowpass#12 of a node without a name; output main of a port without one.
std::string who(const Instance& node) {
  const bool named =
      node.name.find('#') == std::string::npos && !node.name.starts_with(fmt::format("{} ", node.spec->kind));
  return named ? fmt::format("{} \"{}\"", node.spec->kind, node.name) : node.name;
}

std::string words_of(const Report& report) {
  std::string text;
  const auto readings = report.from->spec->readings;
  for (std::size_t i = 0; i < std::min(readings.size(), kMostReadings); ++i)
    text += fmt::format("{}{} {:.6g}{}{}", i == 0 ? "" : ", ", readings[i].name, report.readings[i],
                        symbol(readings[i].unit).empty() ? "" : " ", symbol(readings[i].unit));
  return text;
}

template <typename... Arguments>
void say(std::FILE* to, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  console::write(to, fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace

void Reporter::take(const Report& report, double rate) {
  if (report.what == Report::What::unheard) {
    say(faults_, "perigee: {} MIDI messages were lost: too many at once\n", report.count);
    return;
  }
  if (report.what != Report::What::fault && report.what != Report::What::reading) return;  // the log's
  const std::string node = who(*report.from);
  if (report.what == Report::What::reading) {
    if (report.from->spec->kind == "probe") last_readings_[node] = words_of(report);
    return;
  }
  const bool is_loud = report.port != nullptr;
  const std::string what =
      is_loud ? fmt::format("{} makes {} too loud", node, who(*report.port)) : node + " made NaN or infinity";
  Faults& faults = faults_by_text_[what];
  ++faults.count;
  if (faults.told != 0 && report.time < faults.last_told + static_cast<Frames>(kQuiet * rate)) return;
  say(faults_, "perigee: {}{}: silenced and reset{}\n", what,
      is_loud ? fmt::format(", {:+.1f} dBFS", 20 * std::log10(report.level)) : "",
      faults.count > 1 ? fmt::format(" ({} times so far)", faults.count) : "");
  faults.last_told = report.time;
  faults.told = faults.count;
}

void Reporter::finish() {
  for (const auto& [node, text] : last_readings_) say(readings_, "{}: {}\n", node, text);
  for (const auto& [what, faults] : faults_by_text_)
    if (faults.count > faults.told) say(faults_, "perigee: {} {} times in all\n", what, faults.count);
}

}  // namespace perigee
