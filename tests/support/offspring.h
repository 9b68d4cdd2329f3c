// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs what may crash, hang or take all memory in processes of its own. Who calls has no other threads.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace perigee::test {

struct Limits {
  double seconds = 8;              ///< of processor time, between two calls of Watcher::step
  std::size_t bytes = 2UL << 30U;  ///< resident at most
};

/// What ended a case: empty words if it passed.
struct Verdict {
  std::uint64_t number = 0;
  std::string words;
};

/// Given to a case: tells that it has got on, and what it does now, for the report if it does not come back.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void step(const std::string& what) = 0;
};

/// A case by its number. Returns what is wrong, or nothing.
using Case = std::function<std::string(std::uint64_t number, Watcher& watcher)>;

/// Runs cases `first` … `first + count − 1`, as many in one process as it survives, and returns the verdict
/// of the first that did not pass, if any. `quiet`: what they write to stderr is thrown away.
std::vector<Verdict> failures(std::uint64_t first, std::uint64_t count, const Limits& limits, const Case& one,
                              bool quiet = false, std::size_t most = 1);

}  // namespace perigee::test
