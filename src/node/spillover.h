// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A branch of a switch that is left but sounds on: first what enters it fades out, then it plays what its
// delays and reverbs hold, then it fades out itself. What enters passes gates, nodes of a kind that no script
// can make (patch/spillover.h puts them there); what comes out, the switch. Both see the same index.

#pragma once

#include <algorithm>
#include <cmath>

#include "dsp/sine.h"
#include "node/spec.h"

namespace perigee {

/// The kind of the gates.
extern const Spec spillover_spec;

/// Indices into its fixed values.
inline constexpr std::size_t kSpillBranch = 0, kSpillLast = 1, kSpillFade = 2, kSpillTail = 3,
                             kSpillLinear = 4;

/// The branch that an index chooses: it is rounded, and the last one when there are fewer.
inline unsigned branch_of(float index, unsigned branches) {
  return static_cast<unsigned>(std::lround(std::clamp(index, 0.F, static_cast<float>(branches - 1))));
}

/// Gains of a branch, frame by frame. A gate knows when its switch lets nothing out any more: chosen after
/// that, it opens in 5 ms, so that what is played is not faded in twice and yet no echo begins with a click.
class Spill {
 public:
  Spill(const Setup& setup, std::size_t fade, std::size_t tail)
      : steps_(setup.frames(fade) + 1),
        hold_(setup.frames(fade) + setup.frames(tail)),
        stride_(std::max<Frames>(1, steps_ / static_cast<Frames>(0.005 * setup.rate))) {}

  void go_on(bool chosen) {
    if (!begun_) {
      begun_ = true;
      enters_ = leaves_ = chosen ? steps_ : 0;
    }
    if (chosen) {
      if (leaves_ == 0) opens_ = true;
      enters_ = std::min(enters_ + (opens_ ? stride_ : 1), steps_);
      leaves_ = std::min(leaves_ + 1, steps_);
      left_ = hold_;
    } else {
      opens_ = false;
      enters_ = std::max<Frames>(enters_ - 1, 0);
      if (left_ > 0)
        --left_;
      else
        leaves_ = std::max<Frames>(leaves_ - 1, 0);
    }
  }

  // Gains of what goes in and of what comes out: a fade has a partner that goes as it comes, and with it
  // keeps its power; or the level, if the two are alike.
  float enters(bool linear) const { return gain(enters_, linear); }
  float leaves(bool linear) const { return gain(leaves_, linear); }

  /// Whether nothing changes as long as this goes on: both gains are 1, or both are 0.
  bool rests(bool chosen) const {
    const Frames end = chosen ? steps_ : 0;
    return begun_ && enters_ == end && leaves_ == end;
  }

  void reset() {
    begun_ = opens_ = false;
    left_ = 0;
  }

 private:
  float gain(Frames steps, bool linear) const {
    if (steps == 0) return 0;
    if (steps == steps_) return 1;
    const float part = static_cast<float>(steps) / static_cast<float>(steps_);
    return linear ? part : dsp::quarter_sine(0.25F * part);
  }

  Frames steps_;   ///< of a fade: at the last one it is done
  Frames hold_;    ///< frames from the moment a branch is left until it fades out
  Frames stride_;  ///< steps a frame of a gate that opens in 5 ms
  bool begun_ = false, opens_ = false;
  Frames enters_ = 0, leaves_ = 0, left_ = 0;
};

}  // namespace perigee
