// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every set of instructions makes the same sound.

#include "dsp/instructions.h"

#include <doctest/doctest.h>

#include <cmath>

#include "support/sample.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kEnough = 3000;
/// Sums of products are rounded once or twice, as the instructions have it. Relative to the peak: −120 dB is
/// sixteen such roundings of 2^-24. Filters recur and add up more of them: shelves of 60 dB, and all the more
/// when parameters jump about at random, which also takes a triangle's corners apart.
double tolerance(const Spec& spec, bool wired) {
  if (spec.group == "filters" || (wired && spec.kind == "triangle")) return wired ? -105 : -115;
  return -120;
}

double loudest(const Sound& sound) {
  double most = 1;
  for (const auto& lane : sound) most = std::max(most, peak(lane));
  return most;
}

struct Best {
  ~Best() { dsp::use_instructions(""); }
};

}  // namespace

TEST_CASE("every kind sounds alike with each set of instructions that this machine has") {
  const Best afterwards;
  const auto sets = dsp::instructions();
  REQUIRE_FALSE(sets.empty());
  CHECK_FALSE(dsp::use_instructions("abacus"));
  std::string worst_kind;
  double worst = -400;
  for (const Spec* spec : all_kinds()) {
    if (spec->role != Role::process) continue;
    CAPTURE(std::string(spec->kind));
    for (const unsigned lanes : {1U, 3U, 21U}) {
      for (const bool wired : {false, true}) {
        CAPTURE(lanes);
        CAPTURE(wired);
        const Rig rig = sample(*spec, lanes, wired, kEnough);
        std::vector<std::vector<Sound>> made;
        for (const std::string& set : sets) {
          REQUIRE(dsp::use_instructions(set));
          made.push_back(rig.run(kEnough));
        }
        for (std::size_t i = 1; i < made.size(); ++i) {
          for (std::size_t out = 0; out < made[i].size(); ++out) {
            const double off =
                difference_db(made[i][out], made[0][out]) - 20 * std::log10(loudest(made[0][out]));
            if (off > worst) {
              worst = off;
              worst_kind = spec->kind;
            }
            CHECK(off < tolerance(*spec, wired));
          }
        }
      }
    }
  }
  MESSAGE("farthest off: " << worst << " dB, " << worst_kind);
}
