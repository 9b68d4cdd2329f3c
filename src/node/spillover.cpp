// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/spillover.h"

namespace perigee {

namespace {

constexpr Port spill_in[] = {{"in", "what enters a branch"}};
constexpr Port spill_out[] = {{"out", "the same while the branch is chosen"}};
constexpr Param spill_params[] = {{"index", Unit::none, 0, kNoLimit, 0, "that of the switch", Change::step}};
constexpr Fixed spill_fixed[] = {
    number("branch", Unit::none, 0, 1e9, 0, "its number"),
    number("last", Unit::none, 0, 1, 0, "1: any greater index chooses it, too"),
    number("fade", Unit::seconds, 0, 60, 0.02, "how long the gate takes to open or close"),
    number("tail", Unit::seconds, 0, 60, 0, "how long the branch sounds on"),
    number("linear", Unit::none, 0, 1, 0, "1: branches are alike, so that gains add up to one"),
};

class SpillGate final : public Node {
 public:
  explicit SpillGate(const Setup& setup)
      : branch_(static_cast<unsigned>(setup.number(kSpillBranch))),
        branches_(branch_ + (setup.number(kSpillLast) != 0 ? 1 : 2)),
        linear_(setup.number(kSpillLinear) != 0),
        spill_(setup, kSpillFade, kSpillTail) {}

  void process(const Block& io) noexcept override {
    const auto index = io.param[0][0];
    float gains[kChunk];
    bool chosen = is_chosen(index[0]);
    const bool rests = index.still && spill_.rests(chosen);
    if (!rests) {
      for (int i = 0; i < io.frames; ++i) {
        if (!index.still) chosen = is_chosen(index[i]);
        spill_.go_on(chosen);
        gains[i] = spill_.enters(linear_);
      }
    }
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const float* in = io.in[0][lane];
      float* out = io.out[0][lane];
      for (int i = 0; i < io.frames; ++i) out[i] = (rests ? (chosen ? 1.F : 0.F) : gains[i]) * in[i];
    }
  }
  void reset() noexcept override { spill_.reset(); }

 private:
  bool is_chosen(float index) const { return branch_of(index, branches_) == branch_; }

  unsigned branch_, branches_;  ///< as far as it has to tell them apart
  bool linear_;
  Spill spill_;
};

}  // namespace

const Spec spillover_spec = {
    .kind = "spillover",
    .group = "level and routing",
    .doc = "what enters a branch of a switch that has a tail",
    .in = spill_in,
    .out = spill_out,
    .params = spill_params,
    .fixed = spill_fixed,
    .make = make<SpillGate>,
    .lanes = [](const Setup& setup) { return setup.in_lanes[0]; },
    .any_lanes = true,
    .in_place = true,
};

}  // namespace perigee
