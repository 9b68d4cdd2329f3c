// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logs that lie: so many of them as PERIGEE_FILES says, or a few.

#include "control/performance_log.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>

#include "control/load.h"
#include "control/replay.h"
#include "patch/record.h"
#include "support/effort.h"
#include "support/script.h"

using namespace perigee;
using namespace perigee::test;
using nlohmann::json;

namespace {

constexpr int kHeader = 0, kEdit = 1, kBegan = 2, kEvent = 3, kTook = 4, kMidi = 5, kEnd = 6;

/// A patch, something set, a note, and the end.
std::vector<json> true_log(const Folder& folder) {
  const auto script = folder.write("patch.lua", R"(
    keys = midi("keys")
    low = param{ 200, 20, 2000 }
    lead = voices(2, keys, function(v) return sine(v.hz) * v.gate end)
    tone = noise():lowpass(low)
    output("main", lead:mix() * 0.1 + tone * 0.1)
  )");
  const LoadedPatch loaded = check(script, LoadOptions{});
  REQUIRE(loaded.mistakes.empty());
  const auto& nodes = loaded.patch.nodes;
  const auto low = std::ranges::find(nodes, "low", &PatchNode::name) - nodes.begin();
  return {{{"perigee log", 2}, {"rate", 48000.0}},
          {{"edit", record_of(loaded.patch)}, {"now", 0}, {"begun", -1}},
          {{"began", 1}, {"at", 0}},
          {{"event", {low, 0, 300.0, 100, false}}, {"time", 50}},
          {{"took", 1}, {"at", 64}},
          {{"midi", "keys"}, {"at", 100}, {"offset", 36}, {"message", {1, 0, 0, 60.0, 1.0}}},
          {{"end", 4800}}};
}

std::string text_of_lines(const std::vector<json>& lines) {
  std::string text;
  for (const json& line : lines) text += line.dump() + "\n";
  return text;
}

/// What is told of a log of this text, without the folder; "none" if it is played, up to two seconds of it.
std::string told_of(const Folder& folder, const std::string& text, std::string* remark = nullptr) {
  struct Enough {};
  const auto path = folder.write("take.log", text);
  try {
    Replay replay(path);
    if (remark != nullptr) *remark = replay.remark();
    Reporter reporter(stderr, stdout);
    replay.run({}, reporter, [](Frames done) {
      if (done > 96000) throw Enough();
    });
  } catch (const Enough&) {
    return "none";
  } catch (const Misfit& error) {
    const std::string all = error.what();
    REQUIRE(all.starts_with(path.string() + ":"));
    return all.substr(path.string().size() + 1);
  }
  return "none";
}

std::string told_of(const Folder& folder, const std::vector<json>& lines) {
  return told_of(folder, text_of_lines(lines));
}

}  // namespace

TEST_CASE("each number and name of a log is held against what it is about; what lies is told by its line") {
  const Folder folder;
  const std::vector<json> all = true_log(folder);
  REQUIRE(told_of(folder, all) == "none");
  const auto with = [&](int line, const json::json_pointer& at, const json& value) {
    std::vector<json> lines = all;
    lines[static_cast<std::size_t>(line)][at] = value;
    const std::string told = told_of(folder, lines);
    CAPTURE(told);
    CHECK(told.starts_with(fmt::format("{}: ", line + 1)));
    return told;
  };
  using at = json::json_pointer;
  for (const double rate : {0.0, 0.001, -48000.0, 999.0, 1e9, 1e300}) with(kHeader, at("/rate"), rate);
  CHECK(with(kHeader, at("/rate"), "fast") ==
        "1: this is no line of a log: rate: \"fast\" is not a number from 1000 to 768000");
  with(kHeader, at("/perigee log"), 0);
  with(kHeader, at("/perigee log"), 99);
  CHECK(with(kEnd, at("/end"), std::int64_t{9'000'000'000'000'000'000})
            .ends_with("is not a whole number from 0 to 48000000000"));
  for (const json& end : {json(-1), json(1.5), json(9e18), json(nullptr), json(true), json("4800")})
    with(kEnd, at("/end"), end);
  for (const json& wrong : {json(-1), json(1.5), json(48000000001), json(nullptr)}) {
    with(kEdit, at("/now"), wrong);
    with(kBegan, at("/at"), wrong);
    with(kTook, at("/at"), wrong);
    with(kMidi, at("/at"), wrong);
    with(kEvent, at("/event/3"), wrong);
  }
  with(kEdit, at("/begun"), 5);
  with(kMidi, at("/offset"), 101);
  with(kMidi, at("/offset"), -1);
  with(kMidi, at("/midi"), "organ");
  for (const int i : {0, 1, 2, 3, 4}) with(kMidi, at(fmt::format("/message/{}", i)), 128);
  with(kMidi, at("/message/4"), 1.5);
  with(kMidi, at("/message"), json::array({1, 0}));
  with(kTook, at("/took"), 2);
  with(kTook, at("/took"), -1);
  with(kTook, at("/took"), 4294967296);
  for (const json& node : {json(9999), json(-1), json("low"), json(1LL << 60)})
    with(kEvent, at("/event/0"), node);
  for (const json& param : {json(1), json(9999), json(-1)}) with(kEvent, at("/event/1"), param);
  for (const json& value : {json(1e39), json(nullptr), json("300")}) with(kEvent, at("/event/2"), value);
  with(kEvent, at("/event/4"), 1);
  with(kEvent, at("/era"), 4294967295);
  with(kEvent, at("/held"), 1);
  with(kEvent, at("/colour"), "red");
  with(kEvent, at("/event"), json::array({0, 0, 1}));
}

TEST_CASE("a patch in a log is checked as that of a script, and for what no script can make") {
  const Folder folder;
  const std::vector<json> all = true_log(folder);
  const json& nodes = all[kEdit]["edit"]["nodes"];
  const auto with = [&](const std::string& at, const json& value) {
    std::vector<json> lines = all;
    lines[kEdit]["edit"][json::json_pointer(at)] = value;
    const std::string told = told_of(folder, lines);
    CAPTURE(at);
    CAPTURE(value.dump());
    CHECK(told.starts_with("2: this is no line of a log: "));
    return told;
  };
  std::size_t wires = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (std::size_t k = 0; k < nodes[i]["in"].size(); ++k) {
      if (nodes[i]["in"][k].is_null()) continue;
      ++wires;
      const std::string wire = fmt::format("/nodes/{}/in/{}/", i, k);
      for (const json& node : {json(9999), json(-1), json(4294967296), json(0.5)}) with(wire + "0", node);
      CHECK(with(wire + "1", 9999).find("a wire comes from output 10000 of ") != std::string::npos);
      with(wire + "1", -1);
      with(wire + "1", 4294967296);
      with(wire + "2", 70000);
      with(wire + "2", -2);
      with(wire + "3", 1);
    }
    for (std::size_t k = 0; k < nodes[i]["params"].size(); ++k) {
      const std::string param = fmt::format("/nodes/{}/params/{}", i, k);
      for (const json& value : {json("nan"), json("inf"), json("much"), json(nullptr), json::array()})
        with(param, value);
      with(param, {{"from", nullptr}});
      with(param, {{"from", {9999, 0, -1, true}}});
      with(param, {{"from", {0, 9999, -1, true}}});
    }
    with(fmt::format("/nodes/{}/kind", i), "sweap");
    with(fmt::format("/nodes/{}/fade", i), -1);
    with(fmt::format("/nodes/{}/fade", i), 1e300);
    with(fmt::format("/nodes/{}/at", i), json::array({"patch.lua", -1}));
  }
  CHECK(wires > 3);
  for (const json& tempo : {json(0), json(-1), json("nan"), json(1e308)}) with("/tempo", tempo);
  json twice = all[kEdit]["edit"]["midi"];
  twice.push_back(twice[0]);
  with("/midi", twice);
  // Gates that hear each other.
  const auto gate = [](int from) {
    return json{
        {"kind", "spillover"},
        {"in", {{from, 0, -1, true}}},
        {"params", {0.0}},
        {"fixed", {{{"number", 0}}, {{"number", 0}}, {{"number", 0.02}}, {{"number", 1}}, {{"number", 0}}}},
        {"at", {"patch.lua", 1}}};
  };
  json circle = nodes;
  circle.push_back(gate(static_cast<int>(nodes.size()) + 1));
  circle.push_back(gate(static_cast<int>(nodes.size())));
  CHECK(with("/nodes", circle).find("a gate is out of its place") != std::string::npos);
  // A sound file that is none.
  json player = nodes;
  player.push_back({{"kind", "player"},
                    {"in", json::array()},
                    {"params", {1.0, 1.0}},
                    {"fixed", {{{"text", "/dev/zero"}}, {{"number", 0}}, {{"number", 0}}}},
                    {"at", {"patch.lua", 7}}});
  CHECK(with("/nodes", player).find("/dev/zero: is a device, not a plain file") != std::string::npos);
}

TEST_CASE("frames of a log are in order, and nothing is behind its end") {
  const Folder folder;
  const std::vector<json> all = true_log(folder);
  std::vector<json> lines = all;
  lines.insert(lines.begin() + kTook, json{{"took", 0}, {"at", 100}});
  CHECK(told_of(folder, lines) ==
        "6: this is no line of a log: frame 64 is before frame 100, of which line 5 tells");
  lines = all;
  lines.push_back(lines[kTook]);
  CHECK(told_of(folder, lines) == "8: this is no line of a log: the log ends in the line before");
  lines = all;
  lines[kMidi]["at"] = 1000000;
  CHECK(told_of(folder, lines) ==
        "7: this is no line of a log: end: 4800 is before frame 1000000, of which the log tells");
}

TEST_CASE("a log is JSON of bounded depth, length and keys, in UTF-8") {
  const Folder folder;
  const std::vector<json> all = true_log(folder);
  const std::string before = text_of_lines({all.begin(), all.begin() + kEnd});
  const auto last = [&](const std::string& line) { return told_of(folder, before + line + "\n"); };
  CHECK(last("{\"end\": 4800}") == "none");
  CHECK(last("{\"end\": 1, \"end\": 4800}") == "7: this is no line of a log: \"end\" is there twice");
  CHECK(last(std::string(100000, '[')) == "7: this is no line of a log: it is nested deeper than 16 levels");
  CHECK(last("{\"midi\": \"\xff\"}").starts_with("7: this is no line of a log: no JSON in UTF-8 from byte "));
  CHECK(last("{\"end\": 1e999}") == "7: this is no line of a log: it holds a number that is too large");
  CHECK(last("[4800]") == "7: this is no line of a log: a list is no object");
  CHECK(last("{}") == "7: this is no line of a log: it tells nothing");
  CHECK(last("{\"" + std::string(1000000, 'x') + "\": 1}").size() < 200);
  CHECK(last("{\"x\": \"" + std::string(std::size_t{33} << 20U, 'x') + "\"}") ==
        " has a line, 7, of more than 32 MiB");
}

TEST_CASE(
    "a log that breaks off is played as far as it goes, and that is told; one that is no file is refused") {
  const Folder folder;
  const std::vector<json> all = true_log(folder);
  std::string remark;
  CHECK(told_of(folder, text_of_lines(all), &remark) == "none");
  CHECK(remark.empty());
  const std::string cut = text_of_lines({all.begin(), all.begin() + kEnd});
  CHECK(told_of(folder, cut, &remark) == "none");
  CHECK(remark.ends_with(
      "take.log:6: the log breaks off here, at frame 101, 0.002 s: it is played as far as that"));
  CHECK(told_of(folder, cut + "{\"end", &remark) == "none");
  CHECK(remark.find("take.log:7: the log breaks off here") != std::string::npos);
  REQUIRE(mkfifo((folder.path / "pipe").c_str(), 0600) == 0);
  CHECK_THROWS_WITH_AS(read_log(folder.path / "pipe"),
                       (folder.path / "pipe: is a pipe, not a plain file").c_str(), Misfit);
  CHECK_THROWS_AS(read_log("/dev/zero"), Misfit);
  CHECK_THROWS_AS(read_log(folder.path), Misfit);
}

TEST_CASE("bad files: a log of any bytes or values is played or refused by name and line") {
  const char* wanted = std::getenv("PERIGEE_FILES");  // NOLINT(concurrency-mt-unsafe): one thread
  const int count = wanted == nullptr ? effort(300) : std::atoi(wanted);
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const auto any = [&](std::size_t most) {
    return static_cast<std::size_t>(random() % std::max<std::size_t>(most, 1));
  };
  const std::vector<json> lies = {0,
                                  -1,
                                  1,
                                  2,
                                  5,
                                  16,
                                  127,
                                  128,
                                  9999,
                                  65535,
                                  65536,
                                  1e9,
                                  9e18,
                                  -9e18,
                                  1e300,
                                  0.001,
                                  -0.5,
                                  "",
                                  "nan",
                                  "inf",
                                  "keys",
                                  true,
                                  false,
                                  nullptr,
                                  2147483647,
                                  1e-300,
                                  4294967295,
                                  json::array(),
                                  json::object(),
                                  INT64_MAX,
                                  INT64_MIN,
                                  UINT64_MAX,
                                  std::string(300, 'x'),
                                  "spillover",
                                  "player",
                                  "switch",
                                  "feedback"};
  const Folder folder;
  const std::vector<json> all = true_log(folder);
  int played = 0;
  for (int i = 0; i < count; ++i) {
    CAPTURE(i);
    std::vector<json> lines = all;
    for (std::size_t k = 1 + any(3); k > 0; --k) {
      json& line = lines[any(lines.size())];
      json flat = line.flatten();
      auto at = flat.begin();
      std::advance(at, static_cast<std::ptrdiff_t>(any(flat.size())));
      switch (any(8)) {
        case 0:
          lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(any(lines.size())));
          break;
        case 1:
          lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(any(lines.size())),
                       lines[any(lines.size())]);
          break;
        case 2:
          std::swap(lines[any(lines.size())], lines[any(lines.size())]);
          break;
        default:
          if (line.is_structured() && !at.key().empty())
            line[json::json_pointer(at.key())] = lies[any(lies.size())];
      }
      if (lines.empty()) lines = all;
    }
    std::string text = text_of_lines(lines);
    if (any(4) == 0) text[any(text.size())] = static_cast<char>(random());
    if (any(10) == 0) text.resize(any(text.size()));
    CAPTURE(text);
    if (told_of(folder, text) == "none") ++played;
  }
  MESSAGE(fmt::format("{} of {} played", played, count));
  CHECK(played > 0);
  CHECK(played < count);
}
