// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every kind of node promises, checked for every kind in the registry.

#include <doctest/doctest.h>

#include <cctype>

#include "support/patches.h"
#include "support/play.h"
#include "support/sample.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kFrames = 3000;

template <typename Check>
void for_each_kind(Check check) {
  for (const Spec* spec : all_kinds()) {
    if (spec->role != Role::process) continue;
    CAPTURE(std::string(spec->kind));
    check(*spec);
  }
}

}  // namespace

TEST_CASE("a declaration is complete and well formed") {
  for (const Spec* spec : all_kinds()) {
    CAPTURE(std::string(spec->kind));
    CHECK_FALSE(spec->doc.empty());
    CHECK_FALSE(spec->group.empty());
    CHECK((spec->role != Role::process || spec->make != nullptr));
    CHECK((!spec->out.empty() || spec->sink || spec->role == Role::output));
    CHECK((!spec->in_place || !spec->in.empty()));
    for (std::size_t i = 0; i + 1 < spec->in.size(); ++i) CHECK_FALSE(spec->in[i].many);
    for (const auto& param : spec->params) {
      CAPTURE(std::string(param.name));
      CHECK(param.min <= param.max);
      CHECK_FALSE(param.initial < param.min);
      CHECK_FALSE(param.initial > param.max);
      CHECK_FALSE(param.doc.empty());
    }
    for (const auto& fixed : spec->fixed) {
      CAPTURE(std::string(fixed.name));
      CHECK_FALSE(fixed.doc.empty());
      if (fixed.type == Fixed::Type::choice) CHECK(std::ranges::count(fixed.choices, fixed.text) == 1);
    }
  }
}

TEST_CASE("the same frames in other splits give the same bits") {
  for_each_kind([](const Spec& spec) {
    for (const unsigned lanes : {1U, 3U}) {
      for (const bool wired : {false, true}) {
        CAPTURE(lanes);
        CAPTURE(wired);
        const Rig rig = sample(spec, lanes, wired, kFrames);
        const auto expected = rig.run(kFrames);
        for (const Split split : splits()) {
          CAPTURE(split.period);
          CAPTURE(split.seed);
          const auto out = rig.run(kFrames, split);
          for (std::size_t i = 0; i < out.size(); ++i) CHECK(identical(out[i], expected[i]));
        }
      }
    }
  });
}

TEST_CASE("a number and a signal that holds it give the same bits") {
  for_each_kind([](const Spec& spec) {
    const Rig numbers = sample(spec, 2, false, kFrames);
    for (const auto& param : spec.params) {
      CAPTURE(std::string(param.name));
      Rig wired = numbers;
      const auto value = std::get<double>(numbers.params.at(std::string(param.name)));
      wired.params[std::string(param.name)] = Sound(1, Lane(kFrames, static_cast<float>(value)));
      const auto expected = numbers.run(kFrames), out = wired.run(kFrames);
      for (std::size_t i = 0; i < out.size(); ++i) CHECK(identical(out[i], expected[i]));
    }
  });
}

TEST_CASE("lanes are independent: each equals the node run alone") {
  for_each_kind([](const Spec& spec) {
    if (!lanes_are_independent(spec)) return;
    const Rig wide = sample(spec, 5, spec.in.empty(), kFrames);
    const auto together = wide.run(kFrames);
    for (unsigned lane = 0; lane < 5; ++lane) {
      Rig one = wide;
      for (auto& sound : one.in)
        if (sound.size() > 1) sound = {sound[lane]};
      for (auto& [name, given] : one.params) {
        auto* sound = std::get_if<Sound>(&given);
        if (sound != nullptr && sound->size() > 1) *sound = {(*sound)[lane]};
      }
      const auto alone = one.run(kFrames);
      for (std::size_t i = 0; i < alone.size(); ++i) CHECK(identical(alone[i], {together[i][lane]}));
    }
  });
}

TEST_CASE("nodes that run together as a bank do as each alone") {
  for_each_kind([](const Spec& spec) {
    if (spec.bank == nullptr) return;
    for (const bool wired : {false, true}) {
      CAPTURE(wired);
      std::vector<Rig> rigs;
      Sound in, expected;
      for (const unsigned lanes : {1U, 3U, 1U, 2U}) {
        Rig rig = sample(spec, spec.any_lanes ? 1 : lanes, wired, kFrames);
        for (auto& [name, given] : rig.params)  // no two alike
          if (auto* number = std::get_if<double>(&given))
            *number *= 1 - 0.1 * static_cast<double>(rigs.size());
        std::ranges::copy(inputs_of(rig), std::back_inserter(in));
        for (const Sound& out : rig.run(kFrames)) std::ranges::copy(out, std::back_inserter(expected));
        rigs.push_back(rig);
      }
      const Patch patch = patch_of(rigs);
      const auto is_bank = [](const Step& step) { return step.members.size() == 4; };
      CHECK(std::ranges::any_of(plan_of(patch).steps, is_bank));
      for (const Split split : splits()) {
        CAPTURE(split.period);
        CAPTURE(split.seed);
        CHECK(identical(play(patch, in, kFrames, split), expected));
      }
    }
  });
}

TEST_CASE("in place gives the same bits") {
  for_each_kind([](const Spec& spec) {
    if (!spec.in_place) return;
    for (const bool wired : {false, true}) {
      Rig rig = sample(spec, 3, wired, kFrames);
      const auto expected = rig.run(kFrames);
      rig.in_place = true;
      CHECK(identical(rig.run(kFrames)[0], expected[0]));
    }
  });
}

TEST_CASE("after a reset a node does as a new one") {
  for_each_kind([](const Spec& spec) {
    for (const bool wired : {false, true}) {
      for (const Frames at : {1, 1000, 2500}) {
        CAPTURE(wired);
        CAPTURE(at);
        Rig rig = sample(spec, 3, wired, kFrames);
        const Rig fresh = rig.from(at);
        rig.reset_at = at;
        const auto out = rig.run(kFrames), expected = fresh.run(kFrames - at);
        for (std::size_t i = 0; i < out.size(); ++i) {
          Sound after = out[i];
          for (auto& lane : after) lane.erase(lane.begin(), lane.begin() + at);
          CHECK(identical(after, expected[i]));
        }
        // What a meter shows goes on from the library's filters, which cannot be cleared without allocating.
        if (spec.kind != "meter") CHECK(rig.readings(kFrames) == fresh.readings(kFrames - at));
      }
    }
  });
}

TEST_CASE("silence in is finite out, full scale noise too") {
  for_each_kind([](const Spec& spec) {
    Rig rig = sample(spec, 2, true, kFrames);
    for (const auto& sound : rig.run(kFrames))
      for (const auto& lane : sound) CHECK(peak(lane) < 1e6);
    for (auto& in : rig.in) in = silence(static_cast<unsigned>(in.size()), kFrames);
    for (const auto& sound : rig.run(kFrames))
      for (const auto& lane : sound) CHECK(peak(lane) < 1e6);
  });
}
