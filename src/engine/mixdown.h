// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Adds up some of the inputs of a sum, and scales them on the way as the nodes before it would. Built on the
// builder's thread; then only the real-time thread touches it.

#pragma once

#include <cstdint>
#include <vector>

#include "dsp/mix.h"
#include "node/spec.h"

namespace perigee {

class Mixdown {
 public:
  /// A node that scales: its parameter, a number or a signal that stands still.
  struct Scaler {
    const Spec* spec = nullptr;
    Control by;
    float usual = 0;  ///< what `by` most likely is: its factor is computed ahead
  };
  struct Input {
    Signal signal;  ///< after it has been scaled
    Signal unscaled;
    std::vector<Scaler> scalers;  ///< in the order of the signal
  };

  /// `sums` has two lanes of floats, as many bytes as a lane of doubles, for each lane that is added up.
  Mixdown(const std::vector<Input>& inputs, Output sums);

  /// Adds up what nodes have made.
  void add(int frames) noexcept { run(scaled_, frames); }
  /// The same from unscaled signals, without those nodes. `changes` is another number whenever one of theirs
  /// may have changed. False when a product is not finite: let the nodes run, they find out where.
  bool scale_and_add(int frames, std::uint64_t changes) noexcept;

 private:
  bool run(const std::vector<dsp::Product>& products, int frames) noexcept;

  std::vector<Input> inputs_;
  Output sums_;
  std::vector<dsp::Product> scaled_, unscaled_;  ///< lane by lane
  std::vector<float> factors_, numbers_;         ///< and what each factor was made of
  std::uint64_t seen_ = 0;
};

}  // namespace perigee
