// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/workers.h"

#include <thread>

#include "engine/realtime.h"

namespace perigee {

namespace {

/// So often a worker looks for the next period before it sleeps: some 40 µs.
constexpr int kLooks = 2000;

/// So often a thread looks whether it can go on before it gives way to others: some 15 µs.
constexpr int kPatience = 1000;

void pause() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace

std::uint64_t Workers::all_turns(unsigned share) const noexcept {
  return period_.program->shares[share].turns.size() * static_cast<std::uint64_t>(period_.chunks());
}

bool Workers::ready(const Share::Turn& turn, std::uint64_t chunk) const noexcept {
  return std::ranges::all_of(turn.waits, [&](const Wait& wait) {
    if (wait.before && chunk == 0) return true;  // the period before is over
    const std::uint64_t chunks = wait.before ? chunk - 1 : chunk;
    const std::uint64_t turns = chunks * period_.program->shares[wait.share].turns.size() + wait.turns;
    return counts_[wait.share].turns.load(std::memory_order_acquire) >= turns;
  });
}

void Workers::run_turn(unsigned share, const Share::Turn& turn, std::uint64_t chunk) noexcept {
  const Chunk part = period_.chunk(static_cast<int>(chunk));
  Walk(period_.program->shares[share], *period_.pool, part).run(*period_.program, turn.step);
}

void Workers::run(const Period& period) noexcept {
  period_ = period;
  const auto shares = static_cast<unsigned>(period.program->shares.size());
  for (unsigned share = 0; share < shares; ++share) counts_[share].turns.store(0, std::memory_order_relaxed);
  for (unsigned share = 1; share < shares; ++share)
    posts_[share].owner.store(Owner::open, std::memory_order_release);
  // Either a worker sees the number before it sleeps, or it is seen here: both orders are the same to all.
  periods_.fetch_add(1, std::memory_order_seq_cst);
  // Once a period of the driver's: what sleeps in a later part of it is not needed.
  if (period.offset == 0 && sleepers_.load(std::memory_order_seq_cst) > 0) wake(periods_);

  // Who is not real-time may share a processor with a worker that it waits for.
  auto wait = [this, looks = 0]() mutable {
    pause();
    if (++looks % kPatience == 0 && yields_.load(std::memory_order_relaxed)) give_way();
  };
  const auto& turns = period.program->shares[0].turns;
  const auto chunks = static_cast<std::uint64_t>(period.chunks());
  for (std::uint64_t chunk = 0, done = 0; chunk < chunks; ++chunk) {
    for (const Share::Turn& turn : turns) {
      while (!ready(turn, chunk))
        if (!help_any(&turn, chunk)) wait();
      run_turn(0, turn, chunk);
      ++done;
      if (turn.awaited) counts_[0].turns.store(done, std::memory_order_release);
    }
    counts_[0].turns.store(done, std::memory_order_release);
  }
  const auto over = [&](unsigned share) {
    return posts_[share].owner.load(std::memory_order_acquire) == Owner::nobody;
  };
  for (unsigned share = 1; share < shares; ++share)
    while (!over(share))
      if (!help_any(nullptr, 0)) wait();
}

bool Workers::help_any(const Share::Turn* until, std::uint64_t chunk) noexcept {
  bool helped = false;
  for (unsigned share = 1; share < period_.program->shares.size(); ++share)
    helped = help(share, until, chunk) || helped;
  return helped;
}

/// Runs what can be run of a share that nobody has begun, until its worker comes or a turn of the audio
/// thread can be taken.
bool Workers::help(unsigned share, const Share::Turn* until, std::uint64_t chunk) noexcept {
  std::atomic<Owner>& owner = posts_[share].owner;
  Owner expected = Owner::open;
  if (!owner.compare_exchange_strong(expected, Owner::audio, std::memory_order_acquire,
                                     std::memory_order_relaxed))
    return false;
  const auto& turns = period_.program->shares[share].turns;
  const std::uint64_t all = all_turns(share);
  std::uint64_t done = counts_[share].turns.load(std::memory_order_relaxed);
  const std::uint64_t before = done;
  while (done < all && ready(turns[done % turns.size()], done / turns.size())) {
    run_turn(share, turns[done % turns.size()], done / turns.size());
    counts_[share].turns.store(++done, std::memory_order_release);
    if (owner.load(std::memory_order_relaxed) == Owner::wanted) break;
    if (until != nullptr && ready(*until, chunk)) break;
  }
  expected = Owner::audio;
  if (done == all)
    owner.store(Owner::nobody, std::memory_order_release);
  else if (!owner.compare_exchange_strong(expected, Owner::open, std::memory_order_release,
                                          std::memory_order_relaxed))
    owner.store(Owner::worker, std::memory_order_release);
  return done > before;
}

/// Whether the share of this period is now the worker's.
bool Workers::come(unsigned share) noexcept {
  std::atomic<Owner>& owner = posts_[share].owner;
  for (;;) {
    Owner found = owner.load(std::memory_order_acquire);
    switch (found) {
      case Owner::nobody:
        return false;
      case Owner::worker:
        return true;  // handed over
      case Owner::open:
        if (owner.compare_exchange_strong(found, Owner::worker, std::memory_order_acquire,
                                          std::memory_order_relaxed))
          return true;
        break;
      case Owner::audio:
        owner.compare_exchange_strong(found, Owner::wanted, std::memory_order_relaxed);
        break;
      case Owner::wanted:
        break;
    }
    pause();
  }
}

/// Whether all is done. A worker that has to wait for long gives its share back, so that nobody waits for it
/// should it lose its processor meanwhile.
bool Workers::run_worker(unsigned share) noexcept {
  const RealtimeScope scope;
  const auto& turns = period_.program->shares[share].turns;
  std::atomic<std::uint64_t>& count = counts_[share].turns;
  const std::uint64_t all = all_turns(share);
  for (std::uint64_t done = count.load(std::memory_order_relaxed); done < all;) {
    const Share::Turn& turn = turns[done % turns.size()];
    const std::uint64_t chunk = done / turns.size();
    for (int looks = 0; !ready(turn, chunk); ++looks) {
      if (looks < kPatience) {
        pause();
        continue;
      }
      count.store(done, std::memory_order_release);
      posts_[share].owner.store(Owner::open, std::memory_order_release);
      return false;
    }
    run_turn(share, turn, chunk);
    ++done;
    if (turn.awaited || done == all) count.store(done, std::memory_order_release);
  }
  posts_[share].owner.store(Owner::nobody, std::memory_order_release);
  return true;
}

void Workers::work(unsigned share) noexcept {
  for (std::uint32_t seen = 0;;) {
    for (int look = 0; look < kLooks && periods_.load(std::memory_order_acquire) == seen; ++look) pause();
    if (periods_.load(std::memory_order_acquire) == seen) {
      sleepers_.fetch_add(1, std::memory_order_seq_cst);
      if (periods_.load(std::memory_order_seq_cst) == seen) sleep(periods_, seen);
      sleepers_.fetch_sub(1, std::memory_order_seq_cst);
    }
    if (ending_.load(std::memory_order_acquire)) return;
    const std::uint32_t now = periods_.load(std::memory_order_acquire);
    if (now == seen) continue;
    seen = now;
    while (come(share) && !run_worker(share)) std::this_thread::yield();
  }
}

void Workers::end() noexcept {
  ending_.store(true, std::memory_order_release);
  periods_.fetch_add(1, std::memory_order_seq_cst);
  wake(periods_);
}

}  // namespace perigee
