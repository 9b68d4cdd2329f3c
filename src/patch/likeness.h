// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a node of one patch can be a node of another, and when many of each are compared, quickly.

#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "patch/patch.h"
#include "patch/shape.h"

namespace perigee {

/// A patch before or after an edit.
struct Side {
  const Patch& patch;
  const std::vector<Shape>& shapes;
  const PatchNode& node(NodeId id) const { return patch.nodes[id]; }
};

/// Whether the old object can serve as the new one.
bool same_build(const Side& a, NodeId i, const Side& b, NodeId k);
/// … and is set to the same numbers.
bool same_literals(const Side& a, NodeId i, const Side& b, NodeId k);

/// What stands for a node in comparisons: those of one family are alike unless each has a pin.
struct Likeness {
  std::uint32_t family = 0;
  bool pinned = false;
  bool operator==(const Likeness& other) const { return family == other.family && !(pinned && other.pinned); }
};

/// Finds the families of nodes of both sides, which outlive it, by build or also by literals. Nodes that have
/// the same pin on both sides are not asked about.
class Families {
 public:
  enum class By : bool { build, literals };
  explicit Families(By by) : numbers_(0, Hash{by}, Equal{by}) {}

  std::vector<Likeness> of(const Side& side, std::span<const NodeId> nodes);

 private:
  struct Member {
    const Side* side;
    NodeId id;
  };
  struct Hash {
    By by;
    std::size_t operator()(const Member& one) const;
  };
  struct Equal {
    By by;
    bool operator()(const Member& one, const Member& other) const;
  };
  std::unordered_map<Member, std::uint32_t, Hash, Equal> numbers_;
};

}  // namespace perigee
