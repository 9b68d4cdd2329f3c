// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <algorithm>
#include <vector>

#include "dsp/power.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"gate", "on while above 0.5"}};
constexpr Port out[] = {{"out", "0 … 1"}};
constexpr Param params[] = {
    {"attack", Unit::seconds, 0, 60, 0.005, "from wherever the level is to 1"},
    {"decay", Unit::seconds, 0, 60, 0.1, "from 1 to the sustain level"},
    {"sustain", Unit::linear, 0, 1, 0.7, "level while the gate stays on"},
    {"release", Unit::seconds, 0, 60, 0.2, "from wherever the level is to 0"},
};
constexpr std::string_view curves[] = {"lin", "exp"};
constexpr Fixed fixed[] = {
    choice("curve", curves, "exp", "lin: straight lines; exp: as a capacitor charges and discharges"),
};

enum class Stage { release, attack, decay, sustain };

/// How much of the way is left at x, 0 … 1, of a stage. Exponential: the attack aims a third past its end, as
/// (4·4^−x − 1)/3; decay and release fall by 60 dB, (1000^−x − 1/1000)/(1 − 1/1000), so that they arrive.
float left(bool exponential, Stage stage, float x) {
  if (!exponential) return 1 - x;
  if (stage == Stage::attack) return (4 * dsp::exp2(-2 * x) - 1) * (1.F / 3);
  return (dsp::exp2(-9.96578428F * x) - 0.001F) * (1 / 0.999F);
}

class Adsr final : public Node {
 public:
  explicit Adsr(const Setup& setup)
      : rate_(setup.rate), exponential_(setup.text(0) == "exp"), lanes_(setup.lanes) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < lanes_.size(); ++lane) {
      const float* gate = io.in[0][lane];
      const auto attack = io.param[0][lane], decay = io.param[1][lane], sustain = io.param[2][lane],
                 release = io.param[3][lane];
      float* out = io.out[0][lane];
      Envelope& now = lanes_[lane];
      for (int i = 0; i < io.frames; ++i) {
        const bool on = gate[i] > 0.5F;
        if (on != (now.stage != Stage::release))
          now = {on ? Stage::attack : Stage::release, now.level, now.level, 0};
        if (now.stage == Stage::attack && now.over(attack[i])) {
          const double late = std::max(now.x - 1, 0.0) * attack[i];  // it ended between frames
          now = {Stage::decay, 1, 1, decay[i] > 0 ? late / decay[i] : 0};
        }
        if (now.stage == Stage::decay && now.over(decay[i])) now.stage = Stage::sustain;

        float target = 0, seconds = release[i];
        if (now.stage == Stage::attack) target = 1, seconds = attack[i];
        if (now.stage == Stage::decay) target = sustain[i], seconds = decay[i];
        if (now.stage == Stage::sustain) target = sustain[i], seconds = 0;
        const float rest = now.over(seconds) ? 0 : left(exponential_, now.stage, static_cast<float>(now.x));
        now.level = target + (now.start - target) * rest;
        now.x += seconds > 0 ? 1 / (seconds * rate_) : 0;
        out[i] = now.level;
      }
    }
  }

  void reset() noexcept override { std::ranges::fill(lanes_, Envelope()); }

 private:
  struct Envelope {
    Stage stage = Stage::release;
    float start = 0;  ///< level at the stage's beginning
    float level = 0;
    double x = 0;  ///< the part of the stage that has passed
    bool over(float seconds) const { return x >= 1 || seconds <= 0; }
  };
  double rate_;
  bool exponential_;
  std::vector<Envelope> lanes_;
};

}  // namespace

PERIGEE_NODE(adsr) = {
    .kind = "adsr",
    .group = "sources",
    .doc = "an envelope: attack, decay, sustain, release; a new gate goes on from the present level",
    .in = in,
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make<Adsr>,
    .in_place = true,
};
