// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches drawn by hand, with two kinds of their own: `late`, which declares the latency it is given, and
// `blend`, which takes any number of signals and has a level and a second output.

#pragma once

#include <string>
#include <vector>

#include "patch/patch.h"
#include "plan/plan.h"

namespace perigee::test {

class Sketch {
 public:
  Patch patch;

  NodeId input(const std::string& name, unsigned lanes = 1);
  NodeId output(const std::string& port, Source from);
  NodeId late(const std::string& name, Source from, Frames latency);
  NodeId blend(const std::string& name, const std::vector<Source>& from, Setting level = 1.0);
  NodeId feedback(const std::string& name);
  void close(NodeId feedback, Source from) { patch.nodes[feedback].inputs[0] = from; }

  /// Throws what is wrong with the patch.
  Plan plan(double rate = 48000) const;

 private:
  NodeId add(const Spec& spec, const std::string& name);
};

inline Source all_of(NodeId node) { return {.node = node}; }
inline Source nocomp(NodeId node) { return {.node = node, .compensated = false}; }

/// mic (2 lanes) straight and through 240 frames into a blend; a second, earlier output; a monitor that opts
/// out.
Sketch parallel_paths();
/// The same seed, the same patch: layers of blends and latencies with random wires, some opted out, some fed
/// back.
Sketch random_patch(unsigned seed, unsigned nodes);

}  // namespace perigee::test
