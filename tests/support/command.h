// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace perigee::test {

struct Ended {
  int code = -1;     ///< exit code, or −1 after a signal
  std::string text;  ///< standard output and standard error, as they came
  double seconds = 0;
};

/// Runs the perigee binary with these arguments in a folder, and waits.
Ended run_perigee(const std::vector<std::string>& arguments, const std::string& folder = ".");

}  // namespace perigee::test
