// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many nodes of one kind, run in one call. Each keeps its own state, parameters and wires, and can at any
// time be run alone instead.

#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "node/node.h"

namespace perigee {

/// Built on the builder's thread; then only the real-time thread touches it.
class Bank {
 public:
  Bank() = default;
  Bank(const Bank&) = delete;
  Bank& operator=(const Bank&) = delete;
  virtual ~Bank() = default;

  /// Runs all members for so many frames, from the first of their buffers on. `same`: no number of theirs has
  /// been set, and no node reset, since the last call. False when something came out that is not finite.
  virtual bool run(int frames, bool same) noexcept = 0;
  /// From now on a member's parameter is this, the same in all its lanes.
  virtual void set(std::size_t member, unsigned param, LaneControl control) noexcept = 0;

  std::uint64_t seen = 0;  ///< the engine's count of changes when it last ran
};

/// A node and the views that it is always called with.
struct BankMember {
  Node* node = nullptr;
  std::span<const Signal> in;
  std::span<const Control> param;
  std::span<const Output> out;
};

}  // namespace perigee
