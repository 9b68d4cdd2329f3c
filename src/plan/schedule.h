// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which thread runs which steps of a plan, in which order, and what each has to wait for. Steps are known by
// what they read, write and cost, and by nothing else. Pure, and n log n.
//
// Steps are dealt out in turn, each to the thread where it would be done first: a chain of banks stays where
// it began, because what another thread wrote has to be waited for and fetched. Three ways are tried: the
// order of one thread, in which what was written is read while it is warm; the same, but with what would have
// to wait put off; and first what has the longest way to the end. The shortest is taken.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace perigee {

/// A use of something that steps share: a signal, a delay line, the state of a node, a port.
struct Access {
  std::uint32_t what = 0;
  bool writes = false;
  std::uint32_t lanes = 0;  ///< that have to be fetched if another thread wrote them
};

/// A step before it has a thread. Steps whose accesses conflict are run in the order in which they are given.
struct Task {
  double ns = 0;  ///< for a chunk
  std::vector<Access> accesses;
};

/// Who runs what.
struct Division {
  std::vector<std::uint32_t> order;     ///< all tasks, in an order that is good for one thread too
  std::vector<std::uint32_t> share_of;  ///< by task
  unsigned shares = 1;
  double ns = 0;     ///< that a chunk is expected to take
  double alone = 0;  ///< with one thread
};

/// The most threads that can run a program.
inline constexpr unsigned kMostThreads = 16;

/// What it must be worth to take more threads.
struct Threads {
  unsigned most = 1;
  double gain = 0.05;  ///< each number of threads has to take so much less time than a smaller one
  double start = 0;    ///< nanoseconds a chunk, until the others have begun
};

Division divide(std::span<const Task> tasks, const Threads& threads);

/// A share must have done so many of its turns: of this chunk, or of the one before.
struct Wait {
  std::uint32_t share = 0;
  std::uint32_t turns = 0;
  bool before = false;
};

/// A step of a share.
struct Turn {
  std::uint32_t step = 0;
  bool awaited = false;  ///< somebody waits for it
  std::vector<Wait> waits = {};
};

/// For each share its turns. `tasks` are in the order in which they are run. A chunk may begin before the one
/// before has ended.
std::vector<std::vector<Turn>> turns_of(std::span<const Task> tasks, std::span<const std::uint32_t> share_of,
                                        unsigned shares);

}  // namespace perigee
