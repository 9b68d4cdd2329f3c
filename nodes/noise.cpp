// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <vector>

#include "dsp/pink.h"
#include "dsp/random.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "white −1 … 1; pink −26 dB in each octave, with peaks around ±1"}};
constexpr std::string_view colors[] = {"white", "pink"};
constexpr Fixed fixed[] = {
    choice("color", colors, "white", "white: the same power in each hertz; pink: the same in each octave"),
    number("seed", Unit::none, 0, 0x1p53, 0,
           "the same seed gives the same noise; 0: one that no other node has"),
    number("lanes", Unit::lanes, 1, 1024, 1, "how many, each with noise of its own"),
};

class Noise final : public Node {
 public:
  explicit Noise(const Setup& setup)
      : is_pink_(setup.text(0) == "pink"),
        seed_(setup.number(1) >= 1 ? static_cast<std::uint64_t>(setup.number(1)) : dsp::mixed(setup.ordinal)),
        pink_(setup.lanes) {
    random_.reserve(setup.lanes);
    for (unsigned lane = 0; lane < setup.lanes; ++lane) random_.emplace_back(seed_, lane);
  }

  static Bytes memory(const Setup& setup) {
    return Bytes::of<Noise>(1) + (Bytes::of<dsp::Random>(1) + Bytes::of<dsp::Pink>(1)) * setup.lanes;
  }

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      float* out = io.out[0][lane];
      dsp::Random random = random_[lane];  // a copy stays in registers
      for (int i = 0; i < io.frames; ++i) out[i] = random.next();
      random_[lane] = random;
      if (!is_pink_) continue;
      dsp::Pink pink = pink_[lane];
      for (int i = 0; i < io.frames; ++i) out[i] = pink.next(out[i]);
      pink_[lane] = pink;
    }
  }
  void reset() noexcept override {
    for (unsigned lane = 0; lane < random_.size(); ++lane) random_[lane] = dsp::Random(seed_, lane);
    std::ranges::fill(pink_, dsp::Pink());
  }

 private:
  bool is_pink_;
  std::uint64_t seed_;
  std::vector<dsp::Random> random_;
  std::vector<dsp::Pink> pink_;
};

}  // namespace

PERIGEE_NODE(noise) = {
    .kind = "noise",
    .group = "sources",
    .doc = "white or pink noise",
    .out = out,
    .fixed = fixed,
    .make = make<Noise>,
    .lanes = [](const Setup& setup) { return static_cast<unsigned>(setup.number(2)); },
    .memory = Noise::memory,
};
