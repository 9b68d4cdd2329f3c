// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plan is a patch made ready to be executed: a flat list of steps. The audio thread runs them from first to
// last, once for each chunk of at most 64 frames; nothing is looked up on the way. This is the plan as data,
// without memory or nodes: engine/program.h gives it those.
//
//   read_port    a JACK port's lanes → a bundle
//   hold         a node whose outputs never change: written once, before the plan runs
//   process      one node: bundles → bundles
//   bank         many nodes of one kind, of which none needs another: each its bundles → bundles
//   mix          some of the inputs of a sum → their sum, in double; what scales them is done on the way
//   clamp        a bundle → the same, each value held between a parameter's bounds
//   total        the sums of its parts → the output of a sum
//   write_line   a bundle → the delay line of its source
//   read_line    a delay line, `delay` frames back → a bundle
//   write_port   a bundle → a JACK port's lanes
//
// Several threads walk over a share of the steps each, and wait where one needs what another has made
// (plan/schedule.h). The bits are the same.
//
// Nodes may rely on the ranges of their parameters. What is wired to one that has bounds is held between them
// before the node runs; a signal that never changes, when the program is built.
//
// A source that some wire delays has one line, written as soon as the source has run; each such wire reads it
// just before the node that it ends at. A feedback node is no more than a read of its source's line, before
// the source runs: that is why its delay cannot be shorter than a chunk.

#pragma once

#include <memory>
#include <vector>

#include "plan/schedule.h"
#include "plan/timing.h"
#include "plan/work.h"

namespace perigee {

/// Where a signal lies while it is needed: so many lanes of the plan's memory, each kChunk floats.
struct Bundle {
  std::uint32_t first = 0;  ///< lane slot
  std::uint32_t lanes = 0;  ///< 0: no signal (an unwired input, a parameter that is a number)
  bool still = false;       ///< all frames of a lane are alike
};

/// A signal, and the nodes that scale it one after the other.
struct Scaled {
  Bundle in;
  std::vector<NodeId> by;
};

struct Step {
  enum class Op : std::uint8_t {
    hold,
    read_port,
    process,
    bank,
    mix,
    clamp,
    total,
    write_line,
    read_line,
    write_port
  };
  Op op = Op::process;
  bool hold = false;     ///< read_line: before the line was first written, its first value instead of silence
  bool related = false;  ///< process: Block::related
  NodeId node = kNoNode;
  std::uint32_t line = 0;  ///< index into Plan::lines
  std::uint32_t lane = 0;  ///< read_line: first lane of the line to read
  Frames delay = 0;        ///< read_line
  Bounds bounds = {};      ///< clamp
  std::vector<Bundle> in, params, out;
  std::vector<Step> members = {};  ///< bank: a process step for each of its nodes
                                   ///< mix: the steps of what scales, for when it cannot be done on the way
  std::vector<Scaled> unscaled = {};  ///< mix: what each input is made of
};

/// The delay line behind one output of a node.
struct LinePlan {
  NodeId node = kNoNode;
  unsigned output = 0;
  unsigned lanes = 1;
  Frames longest = 0;  ///< delay that is read from it
};

/// How many frames a line holds for delays up to `longest`, read before or after a chunk is written: a power
/// of two.
std::uint64_t line_frames(Frames longest);

/// The most lanes in a bank, but for a single node that has more: what a few vectors in flight need, and a
/// chunk of theirs stays in the first cache from one bank to the next.
inline constexpr unsigned kBankLanes = 64;

/// Among how many threads a plan is divided, and what is known of the times of nodes.
struct Threading {
  Threads threads;
  std::shared_ptr<const KindTimes> times = std::make_shared<const KindTimes>();
};

/// Nanoseconds for a chunk of 64 frames.
struct Predicted {
  double alone = 0;   ///< by one thread; 0: nobody has asked for more
  double shared = 0;  ///< by the threads that were taken
};

/// For who does not count memory.
inline constexpr Bytes kNoBudget = Bytes::all_there_are();

struct Plan {
  double rate = 48000;
  Bytes budget = kNoBudget;  ///< what the patch may take; while an edit leads to it, see control/editor.h
  Threading threading;
  std::vector<Shape> shapes;  ///< by node
  std::vector<NodeId> order;
  std::vector<Wire> wires;
  Timing timing;
  std::vector<Step> steps;
  std::vector<LinePlan> lines;
  std::uint64_t slots = 0;  ///< lanes of memory, after reuse
  /// What each of several threads runs, by the number of the step among those that are not held; empty: one
  /// runs all steps.
  std::vector<std::vector<Turn>> shares;
  Predicted predicted;

  unsigned threads() const { return shares.empty() ? 1 : static_cast<unsigned>(shares.size()); }
};

/// Plans a patch for a rate in Hz. Pure: no audio, no threads, no files but those that nodes check. All
/// mistakes of the patch are added to `mistakes`; with any, the plan must not be run (its order and wires can
/// still be shown). Banks have at most so many lanes (see plan/banks.h); with 0 every node runs alone, which
/// sounds the same to the bit, as it does with any number of threads. A patch that will take more than
/// `budget` (see plan/memory.h) is a mistake, told before any of that is taken; so is one for whose plan
/// alone there is not enough memory.
Plan compile(const Patch& patch, double rate, std::vector<Mistake>& mistakes,
             unsigned bank_lanes = kBankLanes, const Threading& threading = {}, Bytes budget = kNoBudget);

}  // namespace perigee
