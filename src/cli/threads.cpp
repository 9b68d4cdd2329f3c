// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/threads.h"

#include <fmt/format.h>

#include <charconv>

#include "control/threading.h"

namespace perigee::cli {

namespace {

/// Each thread more has to save so much of the time, unless a number of threads was asked for.
constexpr double kGain = 0.15;

unsigned number(const std::string& text) {
  unsigned count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  return failure == std::errc() && end == text.data() + text.size() && count <= kMostThreads ? count : 0;
}

}  // namespace

void add_threads(CLI::App& command, std::string& text) {
  command
      .add_option(
          "--threads", text,
          "that run the patch, 1 if not given; auto takes more where that pays. The sound is the same")
      ->check([](const std::string& given) {
        return given == "auto" || number(given) > 0
                   ? std::string()
                   : fmt::format("{} is neither 1 to {} nor auto", given, kMostThreads);
      })
      ->option_text("COUNT|auto");
}

Threads threads_of(const std::string& text, double start) {
  if (text == "auto") return {.most = std::min(processors(), kMostThreads), .gain = kGain, .start = start};
  return {.most = std::min(number(text), processors())};
}

}  // namespace perigee::cli
