// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whatever is wired to a parameter, and whatever it is set to: each kind gets it within its range, comes
// back, and makes sound that is finite.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstring>
#include <random>

#include "engine/realtime.h"
#include "support/drives.h"
#include "support/effort.h"
#include "support/patches.h"
#include "support/play.h"
#include "support/sample.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kDriven = 400;
constexpr double kRates[] = {48000, 1000, 44100, 192000, 768000};

/// A node that never comes back ends the test, which then says where it was.
class Watched {
 public:
  explicit Watched(const std::string& what) {
    std::snprintf(text, sizeof text, "\nnever comes back: %s\n", what.c_str());
    std::signal(SIGALRM, [](int) {
      [[maybe_unused]] const auto written = write(2, text, std::strlen(text));
      _exit(1);
    });
    alarm(100);
  }
  ~Watched() { alarm(0); }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

 private:
  static inline char text[200];
};

bool all_finite(const Sound& sound) {
  for (const auto& lane : sound)
    for (const float sample : lane)
      if (!std::isfinite(sample)) return false;
  return true;
}

/// Calls back with each kind, and a seed that the environment may give.
template <typename Check>
void drive_each_kind(Check check) {
  const char* given = std::getenv("PERIGEE_SEED");
  const std::uint64_t seed = given == nullptr ? std::random_device()() : std::strtoull(given, nullptr, 10);
  std::mt19937_64 random(seed);
  CAPTURE(seed);
  for (const Spec* spec : all_kinds()) {
    if (spec->role != Role::process || spec->out.empty()) continue;
    CAPTURE(std::string(spec->kind));
    check(*spec, random);
  }
}

/// What leaves the nodes of some rigs that run by themselves.
Sound alone(const std::vector<Rig>& rigs) {
  Sound all;
  for (const Rig& rig : rigs)
    for (const Sound& sound : rig.run(kDriven)) all.insert(all.end(), sound.begin(), sound.end());
  return all;
}

/// A node that says that it cannot be built so, as one of several lanes where one is meant.
bool refuses(const Rig& rig) {
  try {
    rig.lanes();
    plan_of(patch_of(rig), rig.rate);
    return false;
  } catch (const std::runtime_error&) {
    return true;
  }
}

}  // namespace

TEST_CASE("a signal reaches a parameter held within its range, alone and in banks, to the bit") {
  drive_each_kind([](const Spec& spec, auto& random) {
    for (std::size_t p = 0; p < spec.params.size(); ++p) {
      const std::string name(spec.params[p].name);
      for (const unsigned lanes : {1U, 3U}) {
        const auto all = drives(spec.params[p], lanes, kDriven, random());
        for (const Drive& drive : all) {
          Rig rig = sample(spec, lanes, false, kDriven);
          rig.rate = kRates[random() % std::size(kRates)];
          rig.told.clear();
          rig.params[name] = drive.signal;
          std::string where =
              fmt::format("{} {}: {}, {} lanes, {} Hz", spec.kind, name, drive.name, lanes, rig.rate);
          // Mostly, another one is driven too.
          const std::size_t q = random() % spec.params.size();
          if (q != p) {
            const auto more = drives(spec.params[q], random() % 2 == 0 ? 1 : lanes, kDriven, random());
            const Drive& other = more[random() % more.size()];
            rig.params[std::string(spec.params[q].name)] = other.signal;
            where += fmt::format("; {}: {}", spec.params[q].name, other.name);
          }
          if (refuses(rig)) continue;
          CAPTURE(where);
          const Watched watched(where);
          std::vector<Rig> rigs{rig};
          if (random() % 2 == 0) rigs.push_back(rig);
          Sound in;
          for (const Rig& one : rigs) std::ranges::copy(inputs_of(one), std::back_inserter(in));
          const Split split{.period = 64, .seed = random() % 2 == 0 ? 0 : random() | 1U};
          const Sound out = play(patch_of(rigs), in, kDriven, split, rig.rate);
          CHECK(all_finite(out));
          const FlushedDenormals flushed;  // as on the audio thread
          for (Rig& one : rigs)
            for (std::size_t i = 0; i < spec.params.size(); ++i)
              if (auto* sound = std::get_if<Sound>(&one.params.at(std::string(spec.params[i].name))))
                *sound = held(spec, i, *sound);
          const Sound expected = alone(rigs);
          if (all_finite(expected)) CHECK(identical(out, expected));
        }
      }
    }
  });
}

TEST_CASE("whatever a number is sent to, and however it travels there, it stays within its range") {
  drive_each_kind([](const Spec& spec, auto& random) {
    Rig rig = sample(spec, 2, false, kDriven);
    rig.rate = kRates[random() % std::size(kRates)];
    if (refuses(rig)) return;
    const Patch patch = patch_of(rig);
    for (std::size_t p = 0; p < spec.params.size(); ++p) {
      const std::string where = fmt::format("{} {}, {} Hz", spec.kind, spec.params[p].name, rig.rate);
      CAPTURE(where);
      const Watched watched(where);
      Engine engine;
      auto built = make_program(patch, rig.rate);
      const auto node = std::ranges::find(patch.nodes, &spec, &PatchNode::spec) - patch.nodes.begin();
      Instance& instance = *built->instances[static_cast<std::size_t>(node)];
      const unsigned channels = built->out_channels;
      engine.publish(std::move(built));
      const Bounds bounds = bounds_of(patch.nodes[static_cast<std::size_t>(node)], p);
      const auto all = drives(spec.params[p], 1, 64, random());
      Frames time = 0;
      const Sound out = play(engine, inputs_of(rig), channels, kDriven, {.period = 16}, [&](Engine&) {
        const Lane& from = all[random() % all.size()].signal[0];
        engine.send({.time = time += static_cast<Frames>(random() % 20),
                     .target = &instance,
                     .param = static_cast<unsigned>(p),
                     .value = random() % 9 == 0 ? std::nanf("") : from[random() % from.size()],
                     .glide = static_cast<Frames>(random() % 3 == 0 ? 0 : random() % 200),
                     .curve = random() % 2 == 0 ? Curve::linear : Curve::exponential});
        // One that there is not.
        engine.send({.time = time, .target = &instance, .param = static_cast<unsigned>(spec.params.size())});
        const FlushedDenormals flushed;
        for (Frames at = engine.now(); at < engine.now() + 16; ++at) {
          const float now = instance.numbers[p].at(at);
          if (now != bounds.held(now)) FAIL_CHECK(fmt::format("{} at {}", now, at));
        }
      });
      CHECK(all_finite(out));
    }
  });
}
