// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps a patch playing while it is edited: each edit becomes a few programs, published one after the other,
// that lead from what is heard to what was written. An edit that comes in the middle of another starts from
// where that one leads, and takes the place of any that still waits: no more than one waits.

#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "engine/build.h"
#include "engine/engine.h"
#include "patch/diff.h"
#include "plan/plan.h"
#include "plan/port_latency.h"

namespace perigee {

/// Control thread.
class Editor {
 public:
  /// Hands a program to whoever calls the engine.
  using Publish = std::function<void(std::unique_ptr<Program>, const PortLatencies&)>;

  Editor(Engine& engine, Publish publish) : engine_(engine), publish_(std::move(publish)) {}

  /// Takes on a patch that compiled without mistakes: the first, or an edit. What nodes refuse is added to
  /// `mistakes`; then nothing has changed.
  Diff edit(const Patch& patch, const Plan& plan, std::vector<Mistake>& mistakes);

  /// Publishes what is due and frees what is spent; call it every few milliseconds. False when all is at
  /// rest.
  bool attend();

  /// The next patch is built from nothing, and replaces what plays at once: for another rate.
  void restart();

  /// The patch that is heard, or will be when attend() says so.
  const Patch& patch() const { return reached_.patch; }
  const Plan& plan() const { return reached_.plan; }
  /// A node's instance, for events.
  Instance* instance(NodeId id) const { return reached_.inherited.instances[id].get(); }

 private:
  /// Where a program leads to, once its fades are over.
  struct State {
    Patch patch;
    Plan plan;
    Inheritance inherited;
  };
  struct Stage {
    std::unique_ptr<Program> program;
    PortLatencies latencies;
    Frames length = 0;  ///< of its fades
    State reached;
  };

  bool add_transition(std::deque<Stage>& stages, const State& from, const Patch& patch, const Plan& plan,
                      const Diff& diff, std::vector<Mistake>& mistakes);
  void add_rest(std::deque<Stage>& stages, const State& to);
  void publish_next();

  Engine& engine_;
  Publish publish_;
  State reached_;                     ///< by the last program published
  std::deque<Stage> waiting_;         ///< to be published
  const Program* running_ = nullptr;  ///< nullptr: the next patch is the first
  Frames running_length_ = 0;
};

}  // namespace perigee
