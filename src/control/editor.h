// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps a patch playing while it is edited: each edit becomes a few programs, published one after the other,
// that lead from what is heard to what was written. An edit that comes in the middle of another leads on from
// there at once, and takes the place of any that still waits: no more than one waits.

#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "control/version.h"
#include "drivers/driver.h"
#include "engine/build.h"
#include "engine/engine.h"
#include "patch/diff.h"
#include "plan/port_latency.h"
#include "plan/transition.h"

namespace perigee {

/// While an edit leads to a patch, it, what played before and what fades between them may together take so
/// many times what the patch may (Plan::budget). Nodes and lines that are kept count once.
inline constexpr unsigned kEditBudgets = 3;

/// A number that was edited, or set without a time, travels to its new value in this time.
inline constexpr double kRampSeconds = 0.005;

/// Control thread.
class Editor {
 public:
  /// Makes ready what a program needs to be published; may throw.
  using Prepare = std::function<void(Program&)>;
  /// Whether what prepare began is done: until then the program is not published.
  using AskReadiness = std::function<Readiness(const Program&)>;
  /// Hands a program to whoever calls the engine.
  using Publish = std::function<void(std::unique_ptr<Program>, const PortLatencies&)>;

  Editor(
      Engine& engine, Publish publish, Prepare prepare = [](Program&) {},
      AskReadiness readiness = [](const Program&) { return Readiness(); })
      : engine_(engine),
        publish_(std::move(publish)),
        prepare_(std::move(prepare)),
        readiness_(std::move(readiness)) {}

  /// Takes on a patch that compiled without mistakes: the first, or an edit. What nodes refuse, and that
  /// there is not enough memory for the way there, is added to `mistakes`; then, or when prepare throws,
  /// nothing has changed. Returns the diff between heard(), as it was, and the patch.
  Diff edit(const Version& version, std::vector<Mistake>& mistakes);
  Diff edit(const Patch& patch, const Plan& plan, std::vector<Mistake>& mistakes) {
    return edit(version_of(patch, plan), mistakes);
  }

  /// Publishes what is due and frees what is spent; call it every few milliseconds. False when all is at
  /// rest.
  bool attend();
  /// A program is due that cannot be made ready: what attend() leads to never comes.
  const std::optional<NoRoom>& refused() const { return refused_; }

  /// All that edit() and attend() depend on besides patches, as they saw it last.
  struct Seen {
    Frames now = 0;     ///< engine time
    Frames begun = -1;  ///< when the program published last was taken; −1: not yet
    bool held = false;  ///< a program was due and not ready
  };
  const Seen& seen() const { return seen_; }

  /// The next patch is built from nothing, and replaces what plays at once: for another rate.
  void restart();

  /// The newest patch that was taken on: it is heard, or will be when attend() says so.
  const Patch& patch() const { return newest().version->patch; }
  const Plan& plan() const { return newest().version->plan; }
  /// What is heard, or faded to: what edit() compares the new version with.
  const Version& heard() const { return origin().version; }
  /// By node of patch().
  const std::vector<std::shared_ptr<Instance>>& instances() const { return newest().inherited.instances; }
  /// Those of the steps of plan(), as the engine measures them; nullptr while an edit is under way.
  const StepTimes* times() const {
    return passage_ || !waiting_.empty() || running_ == nullptr ? nullptr : &running_->times;
  }
  /// A node's instance, for events; nullptr as long as it does not play.
  Instance* instance(NodeId id) const;

 private:
  /// A patch at rest: what a program leads to once its fades are over.
  struct State {
    Version version = version_of({}, {});
    Inheritance inherited;
  };
  /// A transition on its way there.
  struct Passage {
    Transition transition;
    Inheritance inherited;
  };
  struct Stage {
    std::unique_ptr<Program> program;
    PortLatencies latencies;
    Frames after = 0;  ///< so long the program before has to run
    State reached;
    std::optional<Passage> passage;
  };
  using Stages = std::deque<Stage>;

  Bytes held() const;
  bool has_room(const Patch& patch, const Plan& plan, const Inheritance& inherited, const Stages& stages,
                const Version& to, std::vector<Mistake>& mistakes) const;
  /// What an edit leads on from.
  const State& origin() const;
  /// Of what runs: a passage has more of them than the patch that is reached.
  const std::vector<std::shared_ptr<Instance>>& playing() const {
    return (passage_ ? passage_->inherited : reached_.inherited).instances;
  }
  const State& newest() const { return waiting_.empty() ? reached_ : waiting_.back().reached; }
  Frames elapsed() const;
  bool lead_on(Stages& stages, const Version& to, const Diff& changes, std::vector<Mistake>& mistakes) const;
  bool add_way(Stages& stages, const State& from, const Version& to, const Diff& changes,
               std::vector<Mistake>& mistakes) const;
  bool add_transition(Stages& stages, Transition between, const Inheritance& from, const Patch& before,
                      const Version& to, const Diff& changes, std::vector<Mistake>& mistakes) const;
  bool add_rest(Stages& stages, std::vector<Mistake>& mistakes) const;
  bool start_anew(Stages& stages, const Version& to, std::vector<Mistake>& mistakes) const;
  void look();
  void lose_waiting();
  void publish_due();
  void publish_next();

  Engine& engine_;
  Publish publish_;
  Prepare prepare_;
  AskReadiness readiness_;
  std::optional<NoRoom> refused_;
  State reached_;                                ///< by the last program published
  std::optional<Passage> passage_;               ///< that program, if it is one
  Stages waiting_;                               ///< to be published
  std::vector<std::shared_ptr<Instance>> lost_;  ///< of those that never were
  const Program* running_ = nullptr;             ///< the last published
  bool anew_ = true;                             ///< what comes next has nothing to lead on from
  Seen seen_;
};

}  // namespace perigee
