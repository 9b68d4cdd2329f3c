// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/schedule.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <utility>

namespace perigee {

namespace {

/// From the end of a step until another thread knows of it: a cache line on its way there.
constexpr double kWaitNs = 200;
/// A lane of a chunk, four cache lines, from the cache of another processor.
constexpr double kLaneNs = 40;
/// A thread rather waits for so long than to begin something else.
constexpr double kIdleNs = 50;
/// So much longer takes the order by the longest way, because signals are read when they are cold.
constexpr double kColdness = 0.1;
constexpr std::uint32_t kNone = UINT32_MAX;

struct Lead {
  std::uint32_t from = 0, lanes = 0;
};

/// By task: those that have to be done before.
std::vector<std::vector<Lead>> edges_of(std::span<const Task> tasks) {
  struct Last {
    std::uint32_t writer = kNone;
    std::vector<std::uint32_t> readers;  ///< since
  };
  std::uint32_t size = 0;
  for (const Task& task : tasks)
    for (const Access& access : task.accesses) size = std::max(size, access.what + 1);
  std::vector<Last> last(size);
  std::vector<std::vector<Lead>> edges(tasks.size());
  for (std::uint32_t i = 0; i < tasks.size(); ++i) {
    for (const Access& access : tasks[i].accesses) {
      Last& before = last[access.what];
      if (before.writer != kNone && before.writer != i) edges[i].push_back({before.writer, access.lanes});
      if (!access.writes) {
        before.readers.push_back(i);
        continue;
      }
      for (const std::uint32_t reader : before.readers)
        if (reader != i) edges[i].push_back({reader, 0});
      before = {.writer = i, .readers = {}};
    }
  }
  return edges;
}

/// Deals out tasks: each goes where it is done first. With `busy`, one that would have a thread wait is put
/// off until it would not, and others go before it.
class Deal {
 public:
  Deal(std::span<const Task> tasks, const std::vector<std::vector<Lead>>& edges, unsigned shares, bool busy)
      : tasks_(tasks),
        edges_(edges),
        busy_(busy),
        free_(shares),
        done_(tasks.size(), kNever),
        share_of_(tasks.size()) {}

  /// In this order, but for those that are put off. Returns how long it takes.
  double run(std::span<const std::uint32_t> order) {
    std::deque<std::uint32_t> put_off;
    const auto look_back = [&] {
      for (std::size_t i = 0; i < std::min(put_off.size(), kLookBack);)
        if (give(put_off[i], false))
          put_off.erase(put_off.begin() + static_cast<std::ptrdiff_t>(i));
        else
          ++i;
    };
    for (const std::uint32_t task : order) {
      look_back();
      if (!give(task, false)) put_off.push_back(task);
    }
    while (!put_off.empty()) {
      const std::size_t before = put_off.size();
      look_back();
      if (put_off.size() < before) continue;
      give(put_off.front(), true);
      put_off.pop_front();
    }
    return std::ranges::max(free_);
  }
  std::vector<std::uint32_t> take_order() { return std::move(order_); }
  std::vector<std::uint32_t> take_shares() { return std::move(share_of_); }

 private:
  static constexpr double kNever = -1;
  /// So many tasks that were put off are looked at before the next.
  static constexpr std::size_t kLookBack = 8;

  struct Turn {
    std::uint32_t share = 0;
    double start = 0, done = 0;
  };

  Turn turn_of(std::uint32_t task, std::uint32_t share) const {
    double start = free_[share], fetching = 0;
    for (const Lead& edge : edges_[task]) {
      const bool here = share_of_[edge.from] == share;
      start = std::max(start, done_[edge.from] + (here ? 0 : kWaitNs));
      fetching += here ? 0 : edge.lanes * kLaneNs;
    }
    return {share, start, start + fetching + tasks_[task].ns};
  }

  bool give(std::uint32_t task, bool at_any_time) {
    for (const Lead& edge : edges_[task])
      if (done_[edge.from] == kNever) return false;
    Turn best = turn_of(task, 0);
    for (std::uint32_t share = 1; share < free_.size(); ++share)
      if (const Turn turn = turn_of(task, share); turn.done < best.done) best = turn;
    if (busy_ && !at_any_time && best.start > free_[best.share] + kIdleNs) return false;
    done_[task] = free_[best.share] = best.done;
    share_of_[task] = best.share;
    order_.push_back(task);
    return true;
  }

  std::span<const Task> tasks_;
  const std::vector<std::vector<Lead>>& edges_;
  bool busy_;
  std::vector<double> free_;  ///< by share: when it has done all that it was dealt
  std::vector<double> done_;
  std::vector<std::uint32_t> share_of_;
  std::vector<std::uint32_t> order_;
};

/// First what has the longest way to the end.
std::vector<std::uint32_t> by_rank(std::span<const Task> tasks, const std::vector<std::vector<Lead>>& edges) {
  std::vector<double> rank(tasks.size());
  for (std::size_t i = tasks.size(); i-- > 0;) {
    rank[i] += tasks[i].ns;
    for (const Lead& edge : edges[i]) rank[edge.from] = std::max(rank[edge.from], rank[i] + kWaitNs);
  }
  std::vector<std::uint32_t> order(tasks.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater(), [&](std::uint32_t task) { return rank[task]; });
  return order;
}

/// Shares that got nothing are no shares.
void close_ranks(Division& division) {
  std::vector<std::uint32_t> number(division.shares, kNone);
  division.shares = 0;
  for (const std::uint32_t task : division.order) {
    std::uint32_t& share = number[division.share_of[task]];
    if (share == kNone) share = division.shares++;
  }
  for (std::uint32_t& share : division.share_of) share = number[share];
}

}  // namespace

Division divide(std::span<const Task> tasks, const Threads& threads) {
  Division best{.order = std::vector<std::uint32_t>(tasks.size()),
                .share_of = std::vector<std::uint32_t>(tasks.size())};
  std::iota(best.order.begin(), best.order.end(), 0);
  for (const Task& task : tasks) best.alone += task.ns;
  best.ns = best.alone;
  if (threads.most < 2 || tasks.empty()) return best;
  const auto edges = edges_of(tasks);
  const std::vector<std::uint32_t> warm = best.order, quick = by_rank(tasks, edges);
  for (unsigned shares = 2; shares <= std::min(threads.most, kMostThreads); ++shares) {
    Deal deals[] = {
        {tasks, edges, shares, false}, {tasks, edges, shares, true}, {tasks, edges, shares, true}};
    const double times[] = {deals[0].run(warm), deals[1].run(warm), deals[2].run(quick) * (1 + kColdness)};
    const auto chosen = static_cast<std::size_t>(std::ranges::min_element(times) - std::begin(times));
    const double ns = times[chosen] + 2 * kWaitNs + threads.start;
    if (ns > best.ns * (1 - threads.gain)) continue;
    best = {.order = deals[chosen].take_order(),
            .share_of = deals[chosen].take_shares(),
            .shares = shares,
            .ns = ns,
            .alone = best.alone};
  }
  close_ranks(best);
  return best;
}

namespace {

/// Collects the waits of all turns, and leaves out those that follow from others.
class Waits {
 public:
  Waits(std::span<const std::uint32_t> share_of, unsigned shares)
      : share_of_(share_of), place_(share_of.size()), turns_(shares), this_(share_of.size()), last_(this_) {
    for (std::uint32_t i = 0; i < share_of.size(); ++i) {
      place_[i] = static_cast<std::uint32_t>(turns_[share_of[i]].size());
      turns_[share_of[i]].push_back({.step = i});
    }
    for (auto* one : {&this_, &last_})
      for (auto& by_share : *one) by_share.resize(shares);
  }

  /// A task waits for another of this chunk.
  void after(std::uint32_t task, std::uint32_t other) { need(this_, task, other); }
  /// … of the chunk before.
  void after_last(std::uint32_t task, std::uint32_t other) { need(last_, task, other); }

  std::vector<std::vector<Turn>> take() {
    for (auto& turns : turns_) {
      const std::size_t shares = turns_.size();
      std::vector<std::uint32_t> known(shares), known_last(shares);
      for (Turn& turn : turns) {
        for (std::uint32_t share = 0; share < shares; ++share) {
          if (this_[turn.step][share] > known[share]) {
            known[share] = this_[turn.step][share];
            turn.waits.push_back({share, known[share], false});
          } else if (known[share] == 0 && last_[turn.step][share] > known_last[share]) {
            known_last[share] = last_[turn.step][share];
            turn.waits.push_back({share, known_last[share], true});
          }
        }
      }
    }
    for (const auto& turns : turns_)
      for (const Turn& turn : turns)
        for (const Wait& wait : turn.waits) awaited_.emplace_back(wait.share, wait.turns - 1);
    for (const auto& [share, turn] : awaited_) turns_[share][turn].awaited = true;
    return std::move(turns_);
  }

 private:
  using Needs = std::vector<std::vector<std::uint32_t>>;  ///< by task and share: so many turns of it

  void need(Needs& needs, std::uint32_t task, std::uint32_t other) {
    if (share_of_[task] == share_of_[other]) return;
    std::uint32_t& turns = needs[task][share_of_[other]];
    turns = std::max(turns, place_[other] + 1);
  }

  std::span<const std::uint32_t> share_of_;
  std::vector<std::uint32_t> place_;  ///< by task: in its share
  std::vector<std::vector<Turn>> turns_;
  Needs this_, last_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> awaited_;
};

}  // namespace

std::vector<std::vector<Turn>> turns_of(std::span<const Task> tasks, std::span<const std::uint32_t> share_of,
                                        unsigned shares) {
  Waits waits(share_of, shares);
  const auto edges = edges_of(tasks);
  for (std::uint32_t i = 0; i < tasks.size(); ++i)
    for (const Lead& edge : edges[i]) waits.after(i, edge.from);

  // What comes later in this chunk comes before in the next one. By what is shared, and thread: the last use.
  struct Use {
    std::uint32_t any = kNone, write = kNone;
  };
  std::vector<std::vector<Use>> later;
  for (std::uint32_t i = static_cast<std::uint32_t>(tasks.size()); i-- > 0;) {
    for (const Access& access : tasks[i].accesses) {
      if (access.what >= later.size()) later.resize(access.what + 1);
      auto& uses = later[access.what];
      uses.resize(shares);
      for (const Use& use : uses) {
        const std::uint32_t other = access.writes ? use.any : use.write;
        if (other != kNone) waits.after_last(i, other);
      }
    }
    for (const Access& access : tasks[i].accesses) {
      Use& use = later[access.what][share_of[i]];
      if (use.any == kNone) use.any = i;
      if (access.writes && use.write == kNone) use.write = i;
    }
  }
  return waits.take();
}

}  // namespace perigee
