// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one output of a node sounded like in the last frames: written once, read at any number of delays. It
// is addressed by engine time, so that it can outlive a plan with its contents.

#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "plan/plan.h"

namespace perigee {

class DelayLine {
 public:
  /// For delays up to `longest` frames, read before or after the same chunk is written. `before` is the line
  /// whose place this one takes, and which is written no more: what is older than this line is read there.
  explicit DelayLine(unsigned lanes, Frames longest, std::shared_ptr<const DelayLine> before = nullptr)
      : lanes_(lanes),
        size_(static_cast<Frames>(line_frames(longest))),
        memory_(static_cast<std::size_t>(size_) * lanes),
        first_value_(lanes),
        before_(std::move(before)) {}

  unsigned lanes() const { return lanes_; }
  Frames longest() const { return size_ - kChunk; }
  /// Without the line before.
  Bytes memory() const { return Bytes::of<float>(memory_.size() + first_value_.size()); }
  const DelayLine* before() const { return before_.get(); }

  /// Real-time thread only. All lanes' frames at times now … now + frames − 1; `in` is planar, kChunk floats
  /// a lane.
  void write(Frames now, const float* in, int frames) noexcept {
    const Frames at = now & (size_ - 1);
    const auto head = static_cast<int>(std::min<Frames>(frames, size_ - at));
    for (unsigned lane = 0; lane < lanes_; ++lane, in += kChunk) {
      if (start_ == kNever) first_value_[lane] = in[0];
      float* ring = lane_memory(lane);
      std::copy_n(in, head, ring + at);
      std::copy_n(in + head, frames - head, ring);
    }
    if (start_ == kNever) start_ = now;
    end_ = now + frames;
  }

  /// Real-time thread only. The lane's frames at times now − delay … ; what is older than the line is silence
  /// or, with `hold`, the first value.
  void read(unsigned lane, Frames now, Frames delay, bool hold, float* out, int frames) const noexcept {
    const Frames from = now - delay;
    const Frames unborn = start_ == kNever ? frames : std::clamp<Frames>(start_ - from, 0, frames);
    if (unborn > 0) read_before(lane, now, delay, hold, out, static_cast<int>(unborn));
    const float* ring = lane_memory(lane);
    for (Frames done = unborn; done < frames;) {
      const Frames at = (from + done) & (size_ - 1);
      const Frames run = std::min(frames - done, size_ - at);
      std::copy_n(ring + at, run, out + done);
      done += run;
    }
  }

  /// Real-time thread only. What was written before `now` is silence from here on.
  void forget(Frames now) noexcept {
    if (start_ == kNever) return;
    start_ = now;
    forgets_ = true;
  }

 private:
  void read_before(unsigned lane, Frames now, Frames delay, bool hold, float* out,
                   int frames) const noexcept {
    const float first = hold && start_ != kNever ? first_value_[lane] : 0;
    if (before_ == nullptr || forgets_) {
      std::fill_n(out, frames, first);
      return;
    }
    // The old line has no more than its own length.
    const auto lost =
        static_cast<int>(std::clamp<Frames>(before_->end_ - before_->size_ - (now - delay), 0, frames));
    std::fill_n(out, lost, first);
    before_->read(lane, now + lost, delay, hold, out + lost, frames - lost);
  }

  static constexpr Frames kNever = INT64_MIN;

  float* lane_memory(unsigned lane) {
    return memory_.data() + static_cast<std::size_t>(lane) * static_cast<std::size_t>(size_);
  }
  const float* lane_memory(unsigned lane) const { return const_cast<DelayLine*>(this)->lane_memory(lane); }

  unsigned lanes_;
  Frames size_;  ///< a power of two
  std::vector<float> memory_;
  std::vector<float> first_value_;
  Frames start_ = kNever;  ///< time of the first frame ever written
  Frames end_ = 0;         ///< time after the last frame written
  bool forgets_ = false;   ///< what is older than start_, in `before_` too
  std::shared_ptr<const DelayLine> before_;
};

}  // namespace perigee
