// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "support/rig.h"

using namespace perigee;
using namespace perigee::test;

namespace {

using What = Message::What;
enum Outputs : unsigned { kHz, kGate, kVelocity, kPressure, kLevel };
constexpr Frames kTake = 240;  ///< 5 ms

Message on(float key, float velocity = 1) { return {.what = What::note_on, .key = key, .value = velocity}; }
Message off(float key) { return {.what = What::note_off, .key = key}; }
Message control(std::uint8_t number, float value) {
  return {.what = What::control, .number = number, .value = value};
}
double hz_of(double key) { return 440 * std::exp2((key - 69) / 12); }

Rig voices(unsigned count, std::vector<std::pair<Frames, Message>> told) {
  return {.kind = "notes", .fixed = {{"voices", static_cast<double>(count)}}, .told = std::move(told)};
}

/// From a frame to before another, an output is one value.
void check(const Lane& lane, Frames from, Frames to, double value) {
  for (Frames i = from; i < to; ++i) {
    CAPTURE(i);
    REQUIRE(lane[static_cast<std::size_t>(i)] == doctest::Approx(value).epsilon(1e-5));
  }
}

}  // namespace

TEST_CASE("a note is a gate, a pitch and a velocity, from its frame to its frame") {
  for (const Split split : splits()) {
    const auto out = voices(2, {{101, on(69, 0.5F)}, {700, off(69)}}).run(1500, split);
    check(out[kGate][0], 0, 101, 0);
    check(out[kGate][0], 101, 700, 1);
    check(out[kGate][0], 700, 1500, 0);
    check(out[kHz][0], 101, 1500, 440);
    check(out[kVelocity][0], 101, 1500, 0.5);
    check(out[kGate][1], 0, 1500, 0);
    check(out[kLevel][0], 0, 1500, 1);
  }
}

TEST_CASE("the same note goes to the same voice, and its gate is off for one frame") {
  const auto out = voices(3, {{100, on(60)}, {500, on(60, 0.25F)}, {900, off(60)}, {1200, on(60)}}).run(1500);
  check(out[kGate][0], 100, 500, 1);
  check(out[kGate][0], 500, 501, 0);
  check(out[kGate][0], 501, 900, 1);
  check(out[kVelocity][0], 500, 1200, 0.25);
  check(out[kGate][0], 900, 1200, 0);
  check(out[kGate][0], 1200, 1500, 1);
  for (const unsigned lane : {1U, 2U}) check(out[kGate][lane], 0, 1500, 0);
}

TEST_CASE(
    "a new note takes the voice released longest ago; if all are held, the one held longest fades for it") {
  const auto out = voices(2, {{0, on(60)},
                              {100, on(62)},
                              {200, off(62)},
                              {300, off(60)},
                              {400, on(64)},    // 62 was released first
                              {500, on(65)},    // then 60's
                              {1000, on(67)}})  // 64 is held longest
                       .run(2000);
  check(out[kHz][1], 400, 1000 + kTake, hz_of(64));
  check(out[kHz][0], 500, 2000, hz_of(65));
  check(out[kLevel][0], 0, 2000, 1);
  for (Frames i = 0; i < kTake; ++i) {
    const double left = static_cast<double>(kTake - i) / kTake;
    check(out[kLevel][1], 1000 + i, 1001 + i, left);
    check(out[kLevel][1], 1000 + kTake + i, 1001 + kTake + i, 1 - left);
  }
  check(out[kLevel][1], 1000 + 2 * kTake, 2000, 1);
  check(out[kHz][1], 1000 + kTake, 2000, hz_of(67));
  check(out[kGate][1], 1000 + kTake, 1001 + kTake, 0);
  check(out[kGate][1], 1001 + kTake, 2000, 1);
}

TEST_CASE("the pedal holds what is let go, until it is lifted; the wheel bends all") {
  const auto out = voices(2, {{0, on(60)},
                              {100, control(kSustain, 127)},
                              {200, off(60)},
                              {600, control(kSustain, 0)},
                              {700, {.what = What::bend, .value = 1}}})
                       .run(1000);
  check(out[kGate][0], 0, 600, 1);
  check(out[kGate][0], 600, 1000, 0);
  check(out[kHz][0], 0, 700, hz_of(60));
  check(out[kHz][0], 700, 1000, hz_of(62));
}

TEST_CASE("all notes off lets go of all, those that wait for a voice too") {
  for (const std::uint8_t which : {kAllNotesOff, kAllSoundOff}) {
    const auto out =
        voices(1, {{0, on(60)}, {100, control(kSustain, 127)}, {500, on(62)}, {510, control(which, 0)}})
            .run(2000);
    check(out[kGate][0], 510, 2000, 0);
  }
}

TEST_CASE("random notes: none is lost while voices are free, and none is left sounding") {
  std::random_device device;
  for (const unsigned count : {1U, 4U, 8U}) {
    const auto seed = device();
    CAPTURE(seed);
    std::mt19937 random(seed);
    std::vector<std::pair<Frames, Message>> told;
    // What sounds, longest held first, and whether by its key or the pedal; and where that was so.
    struct Sounding {
      int key;
      bool down;
    };
    std::vector<Sounding> sounding;
    std::vector<std::pair<Frames, std::vector<int>>> expected;
    Frames now = 1, settled = 0;
    bool pedal = false;
    const auto find = [&](int key) { return std::ranges::find(sounding, key, &Sounding::key); };
    for (int i = 0; i < 4000; ++i) {
      const int key = 40 + static_cast<int>(random() % 12);
      const unsigned what = random() % 16;
      if (what < 8) {
        told.emplace_back(now, on(static_cast<float>(key), 0.5F));
        if (find(key) != sounding.end()) {
          sounding.erase(find(key));
        } else if (sounding.size() == count) {
          sounding.erase(sounding.begin());
          settled = now + kTake;
        }
        sounding.push_back({key, true});
        settled = std::max(settled, now + 1);
      } else if (what < 15) {
        told.emplace_back(now, off(static_cast<float>(key)));
        if (const auto held = find(key); held != sounding.end()) {
          held->down = false;
          if (!pedal) sounding.erase(held);
        }
      } else {
        pedal = !pedal;
        told.emplace_back(now, control(kSustain, pedal ? 127 : 0));
        if (!pedal) std::erase_if(sounding, [](const Sounding& one) { return !one.down; });
      }
      now += 300 + random() % 200;
      if (settled < now) {
        std::vector<int> keys;
        for (const Sounding& one : sounding) keys.push_back(one.key);
        std::ranges::sort(keys);
        expected.emplace_back(now - 1, keys);
      }
    }
    told.emplace_back(now, control(kSustain, 0));
    for (int key = 40; key < 52; ++key) told.emplace_back(now, off(static_cast<float>(key)));
    expected.emplace_back(now + 2 * kTake, std::vector<int>());
    const auto out = voices(count, told).run(now + 1000, {.seed = seed | 1U});
    for (const auto& [frame, keys] : expected) {
      CAPTURE(frame);
      std::vector<int> got;
      for (unsigned lane = 0; lane < count; ++lane)
        if (out[kGate][lane][static_cast<std::size_t>(frame)] > 0.5F)
          got.push_back(static_cast<int>(
              std::lround(69 + 12 * std::log2(out[kHz][lane][static_cast<std::size_t>(frame)] / 440))));
      std::ranges::sort(got);
      REQUIRE(got == keys);
    }
  }
}

TEST_CASE(
    "a key that is let go and pressed at the same frame is a note of its own: its gate is off for a frame") {
  for (const Split split : splits()) {
    const auto out = voices(2, {{100, on(60)}, {500, off(60)}, {500, on(60)}, {900, on(60)}, {900, on(60)}})
                         .run(1500, split);
    check(out[kGate][0], 100, 500, 1);
    check(out[kGate][0], 500, 501, 0);
    check(out[kGate][0], 501, 900, 1);
    check(out[kGate][0], 900, 901, 0);
    check(out[kGate][0], 901, 1500, 1);
    check(out[kGate][1], 0, 1500, 0);
  }
}

TEST_CASE("pressure belongs to the key that is held, or to all; a new note begins without") {
  const auto key_pressure = [](float key, float value) {
    return Message{.what = What::key_pressure, .key = key, .value = value};
  };
  const auto out = voices(2, {{0, on(60)},
                              {0, on(62)},
                              {100, key_pressure(62, 0.5F)},
                              {200, off(62)},
                              {300, key_pressure(62, 0.75F)},  // held no more
                              {400, {.what = What::pressure, .value = 0.25F}},
                              {500, on(62)}})
                       .run(600);
  check(out[kPressure][0], 0, 400, 0);
  check(out[kPressure][0], 400, 600, 0.25);
  check(out[kPressure][1], 0, 100, 0);
  check(out[kPressure][1], 100, 400, 0.5);
  check(out[kPressure][1], 400, 500, 0.25);
  check(out[kPressure][1], 500, 600, 0);
}

TEST_CASE("a reset of controllers lets go of the wheel and the pedal, which is down from 64 on") {
  Rig rig = voices(2, {{0, on(60)},
                       {0, on(62)},
                       {100, {.what = What::bend, .value = -0.5F}},
                       {200, control(kSustain, 63)},
                       {300, off(60)},
                       {400, control(kSustain, 64)},
                       {500, off(62)},
                       {700, control(kResetControllers, 0)}});
  rig.fixed["bend"] = 12.0;
  const auto out = rig.run(1000);
  check(out[kGate][0], 0, 300, 1);
  check(out[kGate][0], 300, 1000, 0);
  check(out[kGate][1], 0, 700, 1);
  check(out[kGate][1], 700, 1000, 0);
  check(out[kHz][0], 100, 700, hz_of(54));
  check(out[kHz][0], 700, 1000, hz_of(60));
}

TEST_CASE("one channel is heard, or all; changes of mode end all notes, other controllers none") {
  for (const std::uint8_t number : {119, 122, 123, 124, 125, 126, 127}) {
    CAPTURE(number);
    Message other = on(60), ours = on(64), mode = control(number, 0);
    ours.channel = mode.channel = 4;
    Rig rig = voices(2, {{0, other}, {100, ours}, {300, mode}});
    check(rig.run(500)[kGate][1], 100, 300, 1);
    rig.fixed["channel"] = 5.0;
    const auto out = rig.run(500);
    check(out[kHz][0], 100, 500, hz_of(64));
    check(out[kGate][0], 0, 100, 0);
    check(out[kGate][0], 100, 300, 1);
    check(out[kGate][0], 300, 500, number == 119 || number == 122 ? 1 : 0);
    check(out[kGate][1], 0, 500, 0);
  }
}

TEST_CASE(
    "a voice that is being taken is as old as the note that waits for it, and the last of several gets it") {
  const auto out = voices(2, {{0, on(60)},
                              {10, on(62)},
                              {500, on(64)},    // takes 60's voice, from frame 740 on
                              {600, on(62)},    // is younger
                              {1000, on(66)},   // takes 64's
                              {1100, on(67)}})  // and 62's
                       .run(2000);
  check(out[kHz][0], 500 + kTake, 1000 + kTake, hz_of(64));
  check(out[kHz][0], 1000 + kTake, 2000, hz_of(66));
  check(out[kHz][1], 10, 1100 + kTake, hz_of(62));
  const auto hurried = voices(1, {{0, on(60)}, {500, on(62)}, {600, on(64)}}).run(1000);
  check(hurried[kHz][0], 0, 500 + kTake, hz_of(60));
  check(hurried[kHz][0], 500 + kTake, 1000, hz_of(64));
}
