// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A script that plays offline while its file is saved.

#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <sstream>

#include "control/live_patch.h"
#include "files/sound_writer.h"
#include "support/hand_driver.h"
#include "support/rig.h"
#include "support/script.h"

namespace perigee::test {

using Texts = std::vector<std::string>;

/// Everything that keeps something from one frame to the next: an oscillator, a filter, an echo, a
/// compensated wire, an input, `state`, and a knob to be set by hand.
inline constexpr std::string_view kPatch = R"(mic = input("mic")
level = param{ 0.5, 0, 2 }
tone = saw(110)
low = (tone + mic):lowpass(900)
echo = low:delay(0.05, { feedback = 0.7 })
output("main", tone + low:lag(200) + echo * level)
state.saves = (state.saves or 0) + 1
print(state.saves)
)";

/// Two effects change places: their wires would close a cycle, so one goes before the other comes.
inline std::string swapped(bool other) {
  return fmt::format("output('main', saw(110):{})",
                     other ? "delay(0.01):lowpass(800)" : "lowpass(800):delay(0.01)");
}

inline bool same(const PatchNode& a, const PatchNode& b) {
  return a.spec == b.spec && a.name == b.name && a.where == b.where && a.inputs == b.inputs &&
         a.params == b.params && a.fixed == b.fixed;
}
inline bool same(const Patch& a, const Patch& b) {
  return a.folder == b.folder && a.tempo == b.tempo &&
         std::ranges::equal(a.nodes, b.nodes, [](const auto& x, const auto& y) { return same(x, y); });
}

/// A sound file of one lane.
inline void record(const std::filesystem::path& path, Frames frames, double rate = 48000) {
  files::SoundWriter writer(path.string(), rate, 1);
  const Lane lane(static_cast<std::size_t>(frames), 0.5F);
  const float* lanes[] = {lane.data()};
  writer.write(lanes, frames);
  writer.close();
}

/// A script that plays offline.
struct Bench {
  explicit Bench(std::string_view text, double seconds = 20)
      : driver(engine),
        live(engine, driver, path(), {.seconds = seconds, .print = [this](std::string_view line) {
                                        printed.emplace_back(line);
                                        if (on_print) on_print();
                                      }}) {
    REQUIRE(save(text) == Texts());
  }

  std::filesystem::path path() const { return folder.path / "patch.lua"; }
  /// What is told, without the folder.
  Texts told(const std::vector<Mistake>& mistakes) const {
    Texts texts;
    for (const Mistake& mistake : mistakes) {
      texts.push_back(to_string(mistake));
      if (texts.back().starts_with(folder.path.string()))
        texts.back().erase(0, folder.path.string().size() + 1);
    }
    return texts;
  }
  /// A machine that is busy may stop a script that is not `endless`: then again.
  Texts reload(bool endless = false) {
    Texts texts = told(live.save());
    const auto stopped = [](const std::string& one) {
      return one.find(" ran for more ") != std::string::npos;
    };
    for (int i = 0; i < 20 && !endless && std::ranges::any_of(texts, stopped); ++i) texts = told(live.save());
    if (texts.empty() && !live.summary().empty()) CHECK(in_accord());
    return texts;
  }
  /// Whether the details of the last save speak of what its summary counts.
  bool in_accord() const {
    std::size_t nodes_made = 0, nodes_gone = 0, routes_made = 0, routes_gone = 0;
    std::istringstream lines(live.details());
    for (std::string line; std::getline(lines, line);) {
      const bool route = line.find(" route ") < 4;
      (route ? routes_made : nodes_made) += line.starts_with("+ ") ? 1 : 0;
      (route ? routes_gone : nodes_gone) += line.starts_with("− ") ? 1 : 0;
    }
    std::string end = fmt::format(", new {}, gone {}", nodes_made, nodes_gone);
    if (routes_made + routes_gone > 0)
      end += fmt::format("; routes: new {}, gone {}", routes_made, routes_gone);
    return live.summary().ends_with(end);
  }
  Texts save(std::string_view text, bool endless = false) {
    folder.write("patch.lua", text);
    return reload(endless);
  }
  void play(Frames frames) {
    for (const Frames end = at + frames; at < end; at += kChunk) {
      live.attend();
      const Sound noise = white_noise(1, kChunk, static_cast<std::uint64_t>(at) + 1, 0.1F);
      const float* in[] = {noise[0].data(), noise[0].data()};
      float main[kChunk], more[kChunk];
      float* out[] = {main, more};
      engine.process(in, 2, out, 2, kChunk);
      heard.insert(heard.end(), main, main + kChunk);
    }
  }
  void settle() {
    for (int i = 0; i < 1000 && live.attend(); ++i) play(kChunk);
    REQUIRE_FALSE(live.attend());
  }
  NodeId node(std::string_view name) {
    const auto& nodes = live.editor().patch().nodes;
    const auto found = std::ranges::find(nodes, name, &PatchNode::name);
    REQUIRE(found != nodes.end());
    return static_cast<NodeId>(found - nodes.begin());
  }
  void set(std::string_view name, float value) {
    REQUIRE(engine.send({.target = live.editor().instance(node(name)), .param = 0, .value = value}));
  }
  double number(std::string_view name) {
    return std::get<double>(live.editor().patch().nodes[node(name)].params[0]);
  }

  Folder folder;
  Engine engine;
  HandDriver driver;
  Texts printed;
  std::function<void()> on_print;
  LivePatch live;
  Frames at = 0;
  Lane heard;  ///< on the first output
};

}  // namespace perigee::test
