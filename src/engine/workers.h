// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Several threads run a program: the audio thread its first share, a worker each other one. A share belongs
// to one thread at a time. The audio thread never waits for a worker that has not come: it runs such a share
// itself, step by step as it needs them, until the worker stands there to take over. It does wait for a
// worker that has begun, by spinning: no longer than that worker takes for its steps, as long as the system
// lets it run. That is why workers get the scheduling of the audio thread.
//
// No locks: each share counts the turns that it has done, and who needs them looks there. A worker that has
// nothing to do spins for a while, then sleeps; the audio thread wakes those who sleep when a period begins.

#pragma once

#include <algorithm>
#include <array>
#include <atomic>

#include "engine/walk.h"

namespace perigee {

/// What is to be done until the driver calls again.
struct Period {
  Program* program = nullptr;
  EventPool* pool = nullptr;
  Frames now = 0;
  int frames = 0;
  const float* const* in = nullptr;
  float* const* out = nullptr;
  int offset = 0;                                   ///< of its first frame in those of the driver
  float limit = std::numeric_limits<float>::max();  ///< of a sample at a port
  bool eventless = false, measuring = false, watched = false;
  unsigned first_chunk = 0;  ///< its number, for who measures some of them

  int chunks() const { return (frames + kChunk - 1) / kChunk; }
  Chunk chunk(int i) const {
    const int offset = i * kChunk;
    return {.now = now + offset,
            .frames = std::min(frames - offset, kChunk),
            .offset = this->offset + offset,
            .in = in,
            .out = out,
            .eventless = eventless,
            .measured = measuring && (first_chunk + static_cast<unsigned>(i)) % StepTimes::kEvery == 0,
            .watched = watched,
            .limit = limit};
  }
};

class Workers {
 public:
  /// Audio thread. All shares of all chunks.
  void run(const Period& period) noexcept;

  /// A worker's thread, until end().
  void work(unsigned share) noexcept;
  /// Any thread. For good.
  void end() noexcept;
  /// The audio thread is not real-time: rather than to wait for long it lets others have its processor.
  void yield() noexcept { yields_.store(true, std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kCacheLine = 64;

  /// Whose share it is.
  enum class Owner : std::uint8_t {
    nobody,  ///< there is nothing to do
    open,    ///< whoever comes first
    worker,
    audio,
    wanted,  ///< the audio thread's, which hands it over after its step
  };

  /// Each on a cache line of its own, because one thread writes what all others look at.
  struct alignas(kCacheLine) Count {
    std::atomic<std::uint64_t> turns{0};  ///< done in this period
  };
  struct alignas(kCacheLine) Post {
    std::atomic<Owner> owner{Owner::nobody};
  };

  bool come(unsigned share) noexcept;
  bool run_worker(unsigned share) noexcept;
  bool help(unsigned share, const Share::Turn* until, std::uint64_t chunk) noexcept;
  bool help_any(const Share::Turn* until, std::uint64_t chunk) noexcept;
  bool ready(const Share::Turn& turn, std::uint64_t chunk) const noexcept;
  std::uint64_t all_turns(unsigned share) const noexcept;
  void run_turn(unsigned share, const Share::Turn& turn, std::uint64_t chunk) noexcept;

  Period period_;  ///< may be read by who owns a share
  std::array<Count, kMostThreads> counts_;
  std::array<Post, kMostThreads> posts_;
  alignas(kCacheLine) std::atomic<std::uint32_t> periods_{0};
  alignas(kCacheLine) std::atomic<std::uint32_t> sleepers_{0};
  std::atomic<bool> ending_{false}, yields_{false};
};

}  // namespace perigee
