// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plays patches that are written here, by name, as `perigee run` plays scripts:
//   player PATCH              as the JACK client "perigee", until a signal
//   player -                  one patch after the other, as their names come in by standard input
//   player PATCH IN OUT       a sound file through the same engine, offline

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <sndfile.hh>

#include <cmath>
#include <iostream>
#include <random>

#include "control/performance.h"
#include "drivers/jack.h"
#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr double kLag = 240;  // frames

Patch patch_named(const std::string& name) {
  PatchMaker maker;
  const auto late = [&](Source from) { return maker.add("lag", {from}, {}, {{"frames", kLag}}); };
  const auto tone = [&] { return maker.add("sine", {}, {{"hz", 1000.0}}); };
  if (name == "through") {
    maker.output("main", maker.input("in"));
  } else if (name == "lag") {
    maker.output("main", late(maker.input("in")));
  } else if (name == "sound") {
    const Source quiet = maker.add("gain", {maker.input("in", 2)}, {{"level", -26.0}});
    maker.output("main", late(maker.add(leak, {quiet})));
  } else if (name == "ways") {
    // Each output over other ways: compensated, not compensated, from a source only.
    const Source left = maker.input("left"), right = maker.input("right");
    maker.output("wet", late(left));
    maker.output("dry", right);
    maker.output("cue", nocomp(right));
    maker.output("tone", maker.add("lag", {tone()}, {}, {{"frames", 100.0}}));
  } else if (name == "connected") {
    maker.output("tone", tone(), "sink:one_*");
    maker.output("pair", maker.input("in", 2, "source:out_*"), "sink:two_*");
  } else if (name == "tone") {
    maker.output("tone", tone(), "*:playback_F[LR]");
  } else if (name == "root") {
    maker.output("main", maker.add(root, {maker.input("in")}));
  } else {
    throw std::runtime_error("no patch is called " + name);
  }
  return maker.patch;
}

int play(const std::string& name) {
  const Signals signals;
  Engine engine;
  JackDriver driver(engine, "perigee");
  const auto publish = [&](const std::string& which, double rate) {
    const Patch patch = patch_named(which);
    auto [program, latencies] = built(patch, rate);
    driver.prepare(*program);
    driver.await_ready();
    driver.publish(std::move(program), latencies);
    return describe(driver, patch, plan_of(patch, rate));
  };
  if (name != "-") {
    const std::string description = publish(name, driver.rate());
    driver.start();
    std::cout << description << std::flush;
    Loop loop;
    perform(loop, engine, driver, signals,
            {.attend = [&] { return engine.collect(); },
             .change_rate = [&](double rate) { std::cout << publish(name, rate) << std::flush; }});
    return 0;
  }
  driver.start();
  pollfd lines{STDIN_FILENO, POLLIN, 0};
  for (std::string next; std::cin;) {
    poll(&lines, 1, 10);
    engine.collect();
    if (lines.revents == 0 || !std::getline(std::cin, next)) continue;
    std::cout << publish(next, driver.rate()) << std::flush;
  }
  return 0;
}

int render(const std::string& name, const char* from, const char* to) {
  SndfileHandle in_file(from);
  const auto [program, latencies] = built(patch_named(name), in_file.samplerate());
  const auto frames = static_cast<std::size_t>(in_file.frames());
  const auto lanes = static_cast<std::size_t>(in_file.channels());
  const std::size_t outs = program->out_channels;
  std::vector<float> interleaved(frames * std::max(lanes, outs));
  in_file.readf(interleaved.data(), in_file.frames());
  Sound in = silence(static_cast<unsigned>(lanes), in_file.frames());
  Sound out = silence(static_cast<unsigned>(outs), in_file.frames());
  for (std::size_t i = 0; i < frames * lanes; ++i) in[i % lanes][i / lanes] = interleaved[i];

  Engine engine;
  engine.publish(make_program(patch_named(name), in_file.samplerate()));
  std::mt19937_64 random(1);
  for (std::size_t at = 0; at < frames;) {
    const std::size_t period = std::min<std::size_t>(1 + random() % 700, frames - at);
    std::vector<const float*> ins;
    std::vector<float*> out_channels;
    for (auto& lane : in) ins.push_back(lane.data() + at);
    for (auto& lane : out) out_channels.push_back(lane.data() + at);
    engine.process(ins.data(), static_cast<unsigned>(lanes), out_channels.data(), static_cast<unsigned>(outs),
                   static_cast<int>(period));
    at += period;
  }
  for (std::size_t i = 0; i < frames * outs; ++i) interleaved[i] = out[i % outs][i / outs];
  SndfileHandle out_file(to, SFM_WRITE, SF_FORMAT_WAV | SF_FORMAT_FLOAT, static_cast<int>(outs),
                         in_file.samplerate());
  return out_file.writef(interleaved.data(), in_file.frames()) == in_file.frames() ? 0 : 3;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 4) return render(argv[1], argv[2], argv[3]);
    return argc == 2 ? play(argv[1]) : 2;
  } catch (const SystemError& error) {
    fmt::print(stderr, "player: {}\n", error.what());
    return 3;
  }
}
