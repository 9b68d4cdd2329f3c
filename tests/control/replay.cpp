// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Performances and what is rendered of their logs.

#include "control/replay.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "control/live_patch.h"
#include "files/sound_file.h"
#include "files/sound_writer.h"
#include "support/effort.h"
#include "support/hand_driver.h"
#include "support/rig.h"
#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

void write(const std::filesystem::path& path, const Lane& lane) {
  files::SoundWriter writer(path.string(), 48000, 1);
  const float* lanes[] = {lane.data()};
  writer.write(lanes, static_cast<Frames>(lane.size()));
  writer.close();
}

/// One of many patches, for a number: what they share is kept, what they do not share fades, and now and then
/// wires cannot be led over in one step.
std::string take_version(unsigned number, std::string_view clock = "") {
  return fmt::format(R"(
    tempo(200)
    mic = input("mic")
    keys = midi("keys")
    {}
    level = param{{ 0.5, 0, 2, cc = keys:cc(7) }}
    lead = voices(4, keys, function(v) return saw(v.hz):lowpass({}) * v.gate:adsr(0.01, 0.1, 0.5, 0.2) * v.velocity end)
    grid = voices(2, function(v) return sine(v.hz) * v.gate:adsr(0.001, 0.05, 0, 0.01) end)
    tone = {}({})
    low = (tone * 0.1 + mic):{}
    output("main", lead:mix() * 0.2 + grid:mix() * 0.3 + low * level{})
    riff = loop({}, function()
      grid:note(math.random(40, 80), math.random(), 1/8)
      level:set{{ value = math.random(), over = math.random() * 0.1, curve = math.random() < 0.5 and "exp" or "lin" }}
      wait(1/4)
      if math.random() < 0.1 then tempo(math.random(100, 300)) end
    end)
    keys:on{{ note = function(key, velocity)
      if velocity > 0 then grid:note(key + 12, velocity, 1/8) end
    end }}
  )",
                     clock, 400 + number * 100, number % 3 == 0 ? "sine" : "saw", 100 + number,
                     number % 2 == 0 ? "lowpass(900):delay(0.05, { feedback = 0.6 })"
                                     : "delay(0.05, { feedback = 0.6 }):lowpass(900)",
                     number % 5 == 4 ? " + noise():lag(200) * 0.01" : "", number % 4 == 1 ? "1/2" : "3/4");
}

constexpr std::string_view kFollowsJack = R"(clock("jack"))", kFollowsMidi = R"(clock(midi("beat")))";

struct Performer {
  Performer(unsigned seed, const Folder& folder, std::string_view follows = "")
      : random(seed),
        clock(follows),
        driver(engine),
        live(engine, driver, folder.path / "patch.lua", {}),
        journal(log(folder), 48000) {
    live.log(journal);
    folder.write("patch.lua", take_version(0, clock));
    REQUIRE(live.save().empty());
  }
  static std::filesystem::path log(const Folder& folder) { return folder.path / "take.log"; }

  unsigned any(unsigned count) { return static_cast<unsigned>(random() % count); }

  void act(const Folder& folder) {
    switch (any(40)) {
      case 0:
      case 1:
        folder.write("patch.lua", take_version(any(20), clock));
        CHECK(live.save().empty());
        return;
      case 2:
        live.undo();
        return;
      case 3:
        live.redo();
        return;
      case 4: {
        const auto& nodes = live.editor().patch().nodes;
        const auto found = std::ranges::find(nodes, "level", &PatchNode::name);
        Instance* const instance = live.editor().instance(static_cast<NodeId>(found - nodes.begin()));
        if (instance != nullptr)  // late, now or soon
          live.send({.time = std::max<Frames>(0, engine.now() + any(2000) - 500),
                     .target = instance,
                     .value = static_cast<float>(any(100)) / 100,
                     .glide = any(500)});
        return;
      }
      default:
        return;
    }
  }

  void period() {
    const int frames = 1 + static_cast<int>(any(600));
    if (any(4) > 0) {
      for (Report report; engine.receive(report);) live.hear(report);
      // As far ahead as it may be, or so that much comes too late.
      for (const Mistake& mistake : live.play(any(10) == 0 ? 0 : 0.1)) FAIL_CHECK(to_string(mistake));
      driver.ports_come = any(5) > 0;  // late, or not
      live.attend();
    }
    const Sound noise = white_noise(1, static_cast<Frames>(frames), random(), listens ? 0.1F : 0);
    const float* in[] = {noise[0].data()};
    Lane main(static_cast<std::size_t>(frames));
    float* out[] = {main.data()};
    engine.take();
    if (clock == kFollowsJack) move_transport(frames);
    if (clock == kFollowsMidi) tick(frames);
    for (unsigned i = any(3) == 0 ? 1 + any(3) : 0; i > 0; --i)
      engine.hear(0, static_cast<int>(any(static_cast<unsigned>(frames))),
                  {.what = std::array{Message::What::note_on, Message::What::note_off,
                                      Message::What::control}[any(3)],
                   .number = 7,
                   .key = static_cast<float>(50 + any(12)),
                   .value = static_cast<float>(any(100)) / 100});
    engine.run(in, 1, out, 1, frames);
    heard.insert(heard.end(), main.begin(), main.end());
    given.insert(given.end(), noise[0].begin(), noise[0].end());
  }

  /// Others start, stop and move it.
  void move_transport(int frames) {
    if (any(60) == 0) wants = true;
    if (any(150) == 0) wants = rolling = false;
    if (any(200) == 0) {
      place = any(1000000);
      rolling = false;
    }
    if (wants && !rolling) rolling = driver.relay.may_start(place) || any(20) == 0;
    driver.relay.look(engine, {.rolling = rolling, .frame = place, .period = frames}, 48000);
    if (rolling) place += frames;
  }

  /// A master that starts, stops and moves sends its ticks.
  void tick(int frames) {
    const auto say = [&](int offset, Message::What what, float value = 0) {
      engine.hear(1, offset, {.what = what, .value = value});
    };
    const auto within = [&] { return static_cast<int>(any(static_cast<unsigned>(frames))); };
    constexpr std::array kWays = {Message::What::start, Message::What::resume, Message::What::stop,
                                  Message::What::locate};
    if (any(40) == 0) {
      const auto way = kWays[any(4)];
      say(0, way, way == Message::What::locate ? static_cast<float>(any(64)) : 0);
    }
    for (place -= frames; place < 0; place += 600)
      say(frames + static_cast<int>(place), Message::What::clock);
    if (any(300) == 0) say(within(), Message::What::stop);
  }

  void end() {
    for (Report report; engine.receive(report);) live.hear(report);
    journal.end(engine.now());
    journal.flush();
  }

  std::mt19937 random;
  std::string clock;
  bool wants = false, rolling = false;
  Frames place = 0;  ///< of the transport, or until the next tick
  Engine engine;
  HandDriver driver;
  LivePatch live;
  Journal journal;
  Lane heard, given;
  bool listens = true;  ///< something comes in
};

Lane replayed(const Folder& folder, const Lane& given, const std::filesystem::path& log) {
  write(folder.path / "in.wav", given);
  Replay replay(log);
  Reporter reporter(stderr, stdout);
  Frames done = 0;
  replay.run({.outputs = {{"main", (folder.path / "out.wav").string()}},
              .inputs = {read_input({"mic", (folder.path / "in.wav").string()})}},
             reporter, [&](Frames at) { done = at; });
  CHECK(done == replay.frames());
  return files::read_sound(folder.path / "out.wav").lanes[0];
}

std::string misfit(const std::filesystem::path& log) {
  try {
    Replay replay(log);
    Reporter reporter(stderr, stdout);
    replay.run({}, reporter, [](Frames) {});
  } catch (const Misfit& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE(
    "what is rendered of a log is what was heard, bit by bit: notes, loops, callbacks, hands, saves, "
    "undo and the clocks of others") {
  std::random_device device;
  for (int i = 0; i < 3 * effort(8); ++i) {
    const auto seed = device();
    const std::string_view clock = std::array{std::string_view(), kFollowsJack, kFollowsMidi}[i % 3U];
    CAPTURE(seed);
    CAPTURE(clock);
    const Folder folder;
    Performer performer(seed, folder, clock);
    while (performer.heard.size() < 48000 * 6) {
      performer.act(folder);
      performer.period();
    }
    performer.end();
    const Lane again = replayed(folder, performer.given, Performer::log(folder));
    REQUIRE(again.size() == performer.heard.size());
    CHECK(std::ranges::any_of(again, [](float one) { return one != 0; }));
    for (std::size_t at = 0; at < again.size(); ++at) {
      CAPTURE(at);
      REQUIRE(again[at] == performer.heard[at]);
    }
  }
}

TEST_CASE("behind the end of what came in there was silence") {
  const Folder folder;
  Performer performer(3, folder);
  while (performer.heard.size() < 48000) performer.period();
  const Lane given = performer.given;
  performer.listens = false;
  while (performer.heard.size() < 96000) performer.period();
  performer.end();
  CHECK(replayed(folder, given, Performer::log(folder)) == performer.heard);
}

TEST_CASE("wherever a log is cut off, what is rendered of it is what was heard, up to its last frame") {
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  const Folder folder;
  Performer performer(seed, folder);
  while (performer.heard.size() < 96000) {
    performer.act(folder);
    performer.period();
  }
  performer.end();
  std::ifstream file(Performer::log(folder));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line + "\n");
  std::string text;
  Frames last = 0, reported = 0;  // in their order, period by period; edits come before that
  bool begun = false;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    const auto line = nlohmann::json::parse(lines[i]);
    text += lines[i];
    begun = begun || line.contains("began");
    if (line.contains("at")) {
      const auto at = line["at"].get<Frames>();
      last = std::max(last, at + 1);
      reported = at - line.value("offset", Frames{0});
    }
    if (line.contains("now")) last = std::max(last, line["now"].get<Frames>());
    if (!begun || (performer.any(40) != 0 && i + 2 != lines.size())) continue;
    CAPTURE(i);
    // The next one is half written.
    const auto cut = folder.write("cut.log", text + lines[i + 1].substr(0, lines[i + 1].size() / 2));
    const Lane again = replayed(folder, performer.given, cut);
    CHECK(static_cast<Frames>(again.size()) == last);
    REQUIRE(again.size() <= performer.heard.size());
    CHECK(std::equal(again.begin(), again.begin() + reported, performer.heard.begin()));
  }
}

TEST_CASE("a log that lacks a line about programs does not fit together") {
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  const Folder folder;
  Performer performer(seed, folder);
  for (unsigned number : {1U, 2U, 3U}) {
    while (performer.heard.size() < std::size_t{20000} * number) performer.period();
    folder.write("patch.lua", take_version(number));
    CHECK(performer.live.save().empty());
  }
  while (performer.heard.size() < 80000) performer.period();
  performer.end();
  std::ifstream file(Performer::log(folder));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line + "\n");
  // After the last one nothing depends on it.
  const auto is_begun = [](const std::string& line) { return line.find("\"began\"") != std::string::npos; };
  const auto last = std::find_if(lines.rbegin(), lines.rend(), is_begun).base() - lines.begin() - 1;
  std::map<std::string, int> left_out;
  for (std::size_t out = 0; out < lines.size(); ++out) {
    const auto line = nlohmann::json::parse(lines[out]);
    const std::string kind = line.contains("began") ? "began" : line.contains("attend") ? "attend" : "";
    if (kind.empty() || out == static_cast<std::size_t>(last)) continue;
    ++left_out[kind];
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) text += i == out ? "" : lines[i];
    CAPTURE(lines[out]);
    CHECK(misfit(folder.write("lacks.log", text)).find("the log does not fit together at frame") !=
          std::string::npos);
  }
  CHECK(left_out["began"] > 3);
  CHECK(left_out["attend"] > 0);
}

TEST_CASE("a log that cannot be written is refused with its name") {
  try {
    const Journal journal("/dev/full", 48000);
    FAIL_CHECK("it was taken");
  } catch (const SystemError& error) {
    CHECK(error.what() == std::string("the log cannot be written: /dev/full"));
  }
}

TEST_CASE("a log that is cut off is rendered as far as it goes; one that is none is refused with its line") {
  const Folder folder;
  Performer performer(1, folder);
  while (performer.heard.size() < 48000) performer.period();
  performer.end();
  std::ifstream file(Performer::log(folder));
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  folder.write("cut.log", all.substr(0, all.size() * 2 / 3));
  CHECK(misfit(folder.path / "cut.log") == "none");
  folder.write("wrong.log", all.substr(0, 200) + "\n" + all);
  CHECK(misfit(folder.path / "wrong.log").find("wrong.log:2: this is no line of a log: ") !=
        std::string::npos);
  folder.write("other.log", "hello\n" + all);
  CHECK(misfit(folder.path / "other.log").find("other.log:1: this is no line of a log: ") !=
        std::string::npos);
  folder.write("newer.log", "{\"perigee log\":4,\"rate\":48000.0}\n" + all.substr(all.find('\n') + 1));
  CHECK(misfit(folder.path / "newer.log")
            .ends_with("newer.log:1: this is no line of a log: another version's"));
  folder.write("empty.log", "");
  CHECK(misfit(folder.path / "empty.log").ends_with("empty.log: nothing was played"));
  CHECK(misfit(folder.path / "no.log").ends_with("no.log: there is no such log"));
  // An event less than were taken.
  REQUIRE(all.find("\"event\"") != std::string::npos);
  const auto first = all.rfind('\n', all.find("\"event\"")) + 1;
  folder.write("gap.log", all.substr(0, first) + "{\"took\":4000,\"at\":0}\n" + all.substr(first));
  CHECK(misfit(folder.path / "gap.log").find("does not fit together at frame 0") != std::string::npos);
}

TEST_CASE("a log knows the level above which outputs fall silent, and one of before that had none") {
  const Folder folder;
  Performer performer(1, folder);
  while (performer.heard.size() < 48000) performer.period();
  performer.end();
  std::ifstream file(Performer::log(folder));
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  const std::string rest = all.substr(all.find('\n'));
  folder.write("guarded.log", R"({"perigee log":2,"rate":48000.0,"guard":0.015625})" + rest);
  folder.write("open.log", R"({"perigee log":2,"rate":48000.0})" + rest);
  const auto peak_of = [&](const std::string& name) {
    Reporter reporter(stderr, stdout);
    const std::string to = (folder.path / "out.wav").string();
    Replay(folder.path / name).run({.outputs = {{"", to}}, .inputs = {}}, reporter, [](Frames) {});
    return peak(files::read_sound(to).lanes[0]);
  };
  CHECK(peak_of("guarded.log") <= 0.015625);
  CHECK(peak_of("open.log") > 0.015625);
  {
    Journal journal(folder.path / "new.log", 48000, Journal::Old::replace, 100);
    Engine engine;
    journal.edited(Editor(engine, [](auto, const auto&) {}));
    REQUIRE(journal.flush());
  }
  std::ifstream written(folder.path / "new.log");
  std::string line;
  std::getline(written, line);
  CHECK(nlohmann::json::parse(line).at("guard") == 100);
}
