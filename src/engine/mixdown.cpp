// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/mixdown.h"

namespace perigee {

Mixdown::Mixdown(const std::vector<Input>& inputs, Output sums) : inputs_(inputs), sums_(sums) {
  std::size_t scalers = 0;
  for (const Input& input : inputs) scalers += input.scalers.size();
  const unsigned lanes = sums.lanes / 2;
  factors_.resize(scalers * lanes);
  numbers_.reserve(factors_.size());
  scaled_.reserve(inputs.size() * lanes);
  unscaled_.reserve(inputs.size() * lanes);
  float* next = factors_.data();
  for (unsigned lane = 0; lane < lanes; ++lane) {
    for (const Input& input : inputs) {
      scaled_.push_back({.in = input.signal[lane]});
      unscaled_.push_back({.in = input.unscaled[lane], .factors = {next, input.scalers.size()}});
      for (const Scaler& scaler : input.scalers) {
        numbers_.push_back(scaler.usual);
        *next++ = scaler.spec->factor(scaler.usual, lane);
      }
    }
  }
}

bool Mixdown::scale_and_add(int frames, std::uint64_t changes) noexcept {
  if (seen_ != changes) {
    seen_ = changes;
    std::size_t i = 0;
    for (unsigned lane = 0; lane < sums_.lanes / 2; ++lane) {
      for (const Input& input : inputs_) {
        for (const Scaler& scaler : input.scalers) {
          const float number = scaler.by[lane][0];
          if (number != numbers_[i]) {
            numbers_[i] = number;
            factors_[i] = scaler.spec->factor(number, lane);
          }
          ++i;
        }
      }
    }
  }
  return run(unscaled_, frames);
}

bool Mixdown::run(const std::vector<dsp::Product>& products, int frames) noexcept {
  const std::size_t inputs = inputs_.size();
  bool finite = true;
  for (unsigned lane = 0; lane < sums_.lanes / 2; ++lane) {
    auto* const sum = reinterpret_cast<double*>(sums_[2 * lane]);
    const bool good = dsp::add_up(std::span(products).subspan(lane * inputs, inputs), sum, frames);
    finite = finite && good;
  }
  return finite;
}

}  // namespace perigee
