// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/osc.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <random>

#include "control/occasions.h"
#include "engine/instance.h"
#include "support/osc.h"
#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr std::int64_t kBegin = 1'795'000'000'000'000'000;  // nanoseconds since 1970
constexpr std::string_view kKnobs = R"(level = param{ 0.5, 0, 2 }
low = saw(110):lowpass(900, { q = 2 })
gate = param{ 0, 0, 1 }
env = adsr(gate, 0.01, 0.1, 0.5, 0.2)
output("main", low * level * env)
)";

/// The same with functions for messages. Now and then it prints how often they were called.
const std::string kAnsweringKnobs = std::string(kKnobs) + R"(
synth = midi_out("synth")
v = voices(4, function(v) return sine(v.hz) * v.gate end)
output("more", v:mix())
local calls = 0
local function counted(f)
  return function(...)
    calls = calls + 1
    if calls % 100 == 0 then print(calls) end
    pcall(f, ...)
  end
end
osc.on("/ask", counted(function(...) osc.send("127.0.0.1:9", "/told", ...) end))
osc.on("/play", counted(function(key, velocity, beats)
  v:note(key, velocity, beats)
  synth:note(key, velocity, beats)
  wait(1/16)
  level:set{ value = key, over = velocity }
end))
osc.on("/perigee/gate", counted(function(value) gate.value = value end))
osc.on("/fails", function(...) error(...) end)
)";

/// A script whose parameters are set by OSC. The clock goes with the frames.
struct Panel {
  explicit Panel(std::string_view text = kKnobs) : bench(text) { bench.settle(); }

  std::int64_t clock() const { return kBegin + bench.engine.now() * 1'000'000 / 48; }
  OscTarget target() {
    return {.patch = [this]() -> const Patch& { return bench.live.editor().patch(); },
            .instance = [this](NodeId id) { return plays ? bench.live.editor().instance(id) : nullptr; },
            .send =
                [this](const Event& event) {
                  if (!full) events.push_back(event);
                  return !full;
                },
            .now = [this] { return bench.engine.now(); },
            .rate = [this] { return rate; },
            .clock = [this] { return clock(); },
            .tell = [this](const OscMessage& message,
                           Frames time) { return bench.live.tell(occasion_of(message), time); }};
  }
  std::string take(const std::string& packet) {
    osc.take(packet, "them");
    return osc.attend();
  }
  std::string set(const std::string& path, const std::string& types, const std::string& data = {}) {
    return take(osc_message(path, types, data));
  }
  /// What is said of a packet that is refused. A second passes before, so that it is said.
  std::string refused(const std::string& packet) {
    bench.play(49000);
    events.clear();
    std::string text = take(packet);
    CHECK(events.empty());
    const std::string head = "refused 1 from them: ";
    return text.starts_with(head) ? text.substr(head.size()) : text;
  }

  Bench bench;
  std::vector<Event> events;
  bool full = false;
  bool plays = true;
  double rate = 48000;  ///< Hz, of what is said to glide
  Osc osc{target()};
};

/// How many packets: more when a soak says so.
int packets() {
  const char* text = std::getenv("OSC_PACKETS");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return text == nullptr ? 20000 : std::atoi(text);
}

}  // namespace

TEST_CASE("a parameter is set by the name of its node and its own") {
  Panel panel;
  CHECK(panel.set("/perigee/low/cutoff", "f", osc_float(300)).empty());
  CHECK(panel.set("/perigee/level", "i", osc_number(1, 4)).empty());
  CHECK(panel.set("/perigee/level/value", "d", osc_double(0.25)).empty());
  CHECK(panel.set("/perigee/low/q", "ff", osc_float(4) + osc_float(0.5F)).empty());
  CHECK(panel.set("/perigee/gate", "T").empty());
  CHECK(panel.set("/perigee/gate", "Ff", osc_float(0)).empty());
  REQUIRE(panel.events.size() == 6);
  const auto& editor = panel.bench.live.editor();
  const auto is = [&](std::size_t i, std::string_view node, unsigned param, float value, Frames glide) {
    const Event& event = panel.events[i];
    CHECK(event.target == editor.instance(panel.bench.node(node)));
    CHECK(event.param == param);
    CHECK(event.value == value);
    CHECK(event.glide == glide);
    CHECK(event.time <= panel.bench.engine.now());
  };
  is(0, "low", 0, 300, 240);
  is(1, "level", 0, 1, 240);
  is(2, "level", 0, 0.25, 240);
  is(3, "low", 1, 4, 24000);
  is(4, "gate", 0, 1, 240);
  is(5, "gate", 0, 0, 0);
  CHECK(panel.osc.refused() == 0);
}

TEST_CASE("what is refused is told with its reason, and changes nothing") {
  Panel panel;
  const auto refused = [&](const std::string& path, const std::string& types, const std::string& data = {}) {
    return panel.refused(osc_message(path, types, data));
  };
  const std::string one = osc_float(1);
  CHECK(refused("/other/low/cutoff", "f", one) == "/other/low/cutoff: paths begin with /perigee/");
  CHECK(refused("/perigee/levle", "f", one) ==
        "/perigee/levle: there is no node \"levle\": did you mean level?");
  CHECK(refused("/perigee//cutoff", "f", one) == "/perigee//cutoff: there is no node \"\"");
  CHECK(refused("/perigee/low/cutof", "f", one) ==
        "/perigee/low/cutof: low has no parameter cutof: did you mean cutoff?");
  CHECK(refused("/perigee/low/*", "f", one) == "/perigee/low/*: low has no parameter *");
  CHECK(refused("/perigee/low", "f", one) == "/perigee/low: say which parameter: /perigee/low/NAME");
  CHECK(refused("/perigee/level/max", "f", one) == "/perigee/level/max: max is fixed when the node is made");
  CHECK(refused("/perigee/low/cutoff", "s", osc_text("high")) ==
        "/perigee/low/cutoff: its value is no number");
  CHECK(refused("/perigee/low/cutoff", "") ==
        "/perigee/low/cutoff: it takes a value and perhaps seconds, not 0 values");
  CHECK(refused("/perigee/level", "fff", one + one + one) ==
        "/perigee/level: it takes a value and perhaps seconds, not 3 values");
  CHECK(refused("/perigee/level", "fs", one + osc_text("x")) == "/perigee/level: its time is no number");
  CHECK(refused("/perigee/level", "ff", one + osc_float(-1)) == "/perigee/level: seconds -1 is below 0");
  CHECK(refused("/perigee/level", "ff", one + osc_float(NAN)) ==
        "/perigee/level: seconds is not a number (NaN)");
  CHECK(refused("/perigee/level", "f", osc_float(2.5F)) == "/perigee/level: value 2.5 is above 2");
  CHECK(refused("/perigee/level", "f", osc_float(NAN)) == "/perigee/level: value is not a number (NaN)");
  CHECK(refused("/perigee/level", "d", osc_double(INFINITY)) == "/perigee/level: value is infinite");
  CHECK(refused("/perigee/low/cutoff", "f", osc_float(-5))
            .starts_with("/perigee/low/cutoff: cutoff -5 Hz is below "));
  CHECK(refused(osc_text("/perigee/a\nb"), "f", one).find('\n') == std::string::npos);
  CHECK(refused("abcd", "f", one) == "its path does not begin with /");
  CHECK(refused("/perigee/" + std::string(5000, 'x'), "f", one).size() == 200);
  panel.full = true;
  CHECK(refused("/perigee/level", "f", one) == "/perigee/level: too many events are on their way");
  panel.full = false;
  panel.plays = false;
  CHECK(refused("/perigee/level", "f", one) == "/perigee/level: level does not play yet");
  CHECK(panel.osc.refused() == 22);
}

TEST_CASE("a parameter that steps does so, and seconds are those of the driver's rate") {
  Panel panel("scene = switch(0, { saw(110), saw(220) })\noutput('main', scene)");
  panel.rate = 96000;
  CHECK(panel.set("/perigee/scene/index", "i", osc_number(1, 4)).empty());
  CHECK(panel.set("/perigee/scene/index", "if", osc_number(0, 4) + osc_float(2)).empty());
  REQUIRE(panel.events.size() == 2);
  CHECK(panel.events[0].glide == 0);
  CHECK(panel.events[1].glide == 192000);
}

TEST_CASE(
    "what is more than a minute ahead is refused, what is less is not; nor do more wait than there is room "
    "for") {
  Panel panel;
  const auto ahead = [&](std::int64_t seconds) {
    return osc_bundle(osc_time(panel.clock() + seconds * 1'000'000'000),
                      {osc_message("/perigee/level", "f", osc_float(1))});
  };
  CHECK(panel.refused(ahead(62)) == "/perigee/level: its time is more than a minute ahead");
  const std::string soon = ahead(59);
  for (int i = 0; i < 65536; ++i) panel.osc.take(soon, "them");
  CHECK(panel.osc.refused() == 1);
  CHECK(panel.refused(soon) == "/perigee/level: too many messages wait for their time");
}

TEST_CASE("what waits takes no more than so much memory, and no message has more values than so many") {
  Panel panel;
  const auto soon = [&](const std::string& types, const std::string& data) {
    return osc_bundle(osc_time(panel.clock() + 50'000'000'000), {osc_message("/perigee/level", types, data)});
  };
  CHECK(panel.refused(soon(std::string(257, 'T'), "")) == "/perigee/level: 257 values are more than 256");
  CHECK(panel.refused(soon(std::string(40000, 'T'), "")) == "/perigee/level: 40000 values are more than 256");
  CHECK(panel.take(soon(std::string(256, 'T'), "")).empty());
  const std::string large = soon("s", osc_text(std::string(60000, 'x')));
  const auto refused = panel.osc.refused();
  constexpr std::size_t kMany = 2000;  // 120 MB
  for (std::size_t i = 0; i < kMany; ++i) panel.osc.take(large, "them");
  CHECK(panel.osc.refused() - refused > kMany / 4);
  CHECK(panel.osc.refused() - refused < kMany);
  // There is room again once the time has come.
  for (int i = 0; i < 52; ++i) panel.bench.play(48000), panel.osc.attend();
  const auto before = panel.osc.refused();
  panel.osc.take(soon("s", osc_text(std::string(60000, 'x'))), "them");
  CHECK(panel.osc.refused() == before);
}

TEST_CASE("a parameter that follows a signal is not set") {
  Panel panel("low = saw(110):lowpass(lfo(1) * 100 + 900)\noutput('main', low)");
  CHECK(panel.refused(osc_message("/perigee/low/cutoff", "f", osc_float(500))) ==
        "/perigee/low/cutoff: cutoff follows a signal");
}

TEST_CASE("a flood of refusals is told once a second") {
  Panel panel;
  int told = 0;
  for (int i = 0; i < 100; ++i) {
    told += panel.set("/perigee/nobody", "f", osc_float(1)).empty() ? 0 : 1;
    panel.bench.play(1600);  // 1/30 s
  }
  CHECK(told == 4);
  panel.bench.play(48000);
  CHECK(panel.osc.attend().starts_with("refused 9 from them, the last: /perigee/nobody: "));
  CHECK(panel.osc.attend().empty());
  CHECK(panel.osc.refused() == 100);
}

TEST_CASE("a bundle lands on the frame that its time means; one that is late, at once") {
  std::mt19937_64 random(1);
  Panel panel;
  for (int i = 0; i < 1000; ++i) panel.bench.play(64), panel.osc.attend();
  for (int i = 0; i < 200; ++i) {
    CAPTURE(i);
    panel.events.clear();
    const Frames now = panel.bench.engine.now();
    const Frames ahead = static_cast<Frames>(random() % 48000);
    const auto when = osc_time(kBegin + (now + ahead) * 1'000'000 / 48);
    panel.take(osc_bundle(when, {osc_message("/perigee/level", "f", osc_float(1)),
                                 osc_message("/perigee/low/q", "f", osc_float(1))}));
    while (panel.events.empty()) panel.bench.play(64), panel.osc.attend();
    REQUIRE(panel.events.size() == 2);
    for (const Event& event : panel.events) {
      if (ahead > 1) CHECK(std::abs(event.time - (now + ahead)) <= 1);
      CHECK(event.time < panel.bench.engine.now() + 9700);  // no earlier than it has to
    }
  }
  panel.events.clear();
  panel.bench.play(48000);
  const std::string late =
      osc_bundle(osc_time(panel.clock() - 1'000'000'000), {osc_message("/perigee/level", "f", osc_float(1))});
  panel.osc.take(late, "them");  // it does not wait to be attended to
  REQUIRE(panel.events.size() == 1);
  CHECK(panel.events[0].time <= panel.bench.engine.now());
  CHECK(panel.refused(osc_bundle(osc_time(panel.clock() + 70'000'000'000),
                                 {osc_message("/perigee/level", "f", osc_float(1))})) ==
        "/perigee/level: its time is more than a minute ahead");
}

TEST_CASE("what waits for its time finds its node in the patch of then") {
  Panel panel;
  const auto later = [&] {
    return osc_bundle(osc_time(panel.clock() + 500'000'000),
                      {osc_message("/perigee/level", "f", osc_float(1))});
  };
  panel.take(later());
  REQUIRE(panel.bench.save("x = saw(220)\nlevel = param{ 0.5, 0, 2 }\noutput('main', x * level)") == Texts());
  for (int i = 0; i < 1000; ++i) panel.bench.play(64), panel.osc.attend();
  REQUIRE(panel.events.size() == 1);
  CHECK(panel.events[0].target == panel.bench.live.editor().instance(panel.bench.node("level")));
  panel.take(later());
  REQUIRE(panel.bench.save("output('main', saw(220))") == Texts());
  for (int i = 0; i < 1000; ++i) panel.bench.play(64), panel.osc.attend();
  CHECK(panel.events.size() == 1);
  CHECK(panel.osc.refused() == 1);
}

TEST_CASE("a value that was sent is heard from its frame on") {
  Panel panel("level = param{ 0.25, 0, 2 }\noutput('main', level)");
  const auto tell = [&](const Event& event) { REQUIRE(panel.bench.engine.send(event)); };
  for (int i = 0; i < 100; ++i) panel.bench.play(64), panel.osc.attend();
  const Frames when = panel.bench.engine.now() + 12345;
  panel.take(osc_bundle(osc_time(kBegin + when * 1'000'000 / 48),
                        {osc_message("/perigee/level", "fi", osc_float(1) + osc_number(0, 4))}));
  for (int i = 0; i < 300; ++i) {
    panel.bench.play(64), panel.osc.attend();
    for (const Event& event : std::exchange(panel.events, {})) tell(event);
  }
  const auto& heard = panel.bench.heard;
  const auto first = std::find(heard.begin(), heard.end(), 1.0F) - heard.begin();
  CHECK(std::abs(first - when) <= 1);
}

TEST_CASE("any bytes: nothing but parameters in their ranges comes of them") {
  Panel panel(kAnsweringKnobs);
  panel.bench.play(640);
  const Patch& patch = panel.bench.live.editor().patch();
  const int count = packets();
  std::uint64_t good = 0, refused = 0;
  long calls = 0;
  const unsigned seed = 7;
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const auto any = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  const std::vector<std::string> words = {"perigee", "low",   "level", "gate", "env", "cutoff",
                                          "q",       "value", "max",   "*",    "",    "{a,b}"};
  const auto message = [&] {
    std::string path = any(8) == 0 ? "" : "/perigee";
    for (std::size_t i = any(4); i > 0; --i) path += "/" + words[any(words.size())];
    if (any(3) == 0) path = "/perigee/level";
    if (any(3) == 0) path = std::vector<std::string>{"/ask", "/play", "/perigee/gate", "/fails"}[any(4)];
    std::string types, data;
    for (std::size_t i = any(100) == 0 ? any(300) : any(4); i > 0; --i) {
      const char type = any(2) == 0 ? 'f' : "fffidhsSTFNIbtcmr[]Q"[any(20)];
      types += type;
      switch (type) {
        case 'f':
          data += any(8) == 0 ? osc_number(random(), 4) : osc_float(static_cast<float>(any(300)) / 100);
          break;
        case 'd':
          data += any(2) == 0 ? osc_number(random(), 8) : osc_double(static_cast<double>(any(300)) / 100);
          break;
        case 'h':
        case 't':
          data += osc_number(random() >> any(64), 8);
          break;
        case 's':
        case 'S':
          data += osc_text(words[any(words.size())]);
          break;
        case 'b':
          data += osc_number(4, 4) + osc_number(random(), 4);
          break;
        case 'i':
        case 'c':
        case 'm':
        case 'r':
          data += osc_number(random() >> any(64), 4);
          break;
        default:
          break;
      }
    }
    return osc_message(path, types, data);
  };
  const std::function<std::string(int)> packet = [&](int depth) {
    if (any(3) != 0 || depth > 10) return message();
    std::vector<std::string> elements;
    for (std::size_t i = any(4); i > 0; --i) elements.push_back(packet(depth + 1));
    const std::int64_t off = static_cast<std::int64_t>(any(80'000'000'000)) - 10'000'000'000;
    const std::uint64_t times[] = {kOscNow, osc_time(panel.clock()), osc_time(panel.clock() + off), random()};
    return osc_bundle(times[any(4)], elements);
  };
  for (int i = 0; i < count; ++i) {
    std::string bytes = packet(0);
    for (std::size_t changes = any(2) == 0 ? 0 : any(4); changes > 0; --changes) {
      const std::size_t at = any(bytes.size() + 1);
      switch (any(5)) {
        case 0:
          if (at < bytes.size()) bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.resize(at);
          break;
        case 2:
          bytes.insert(at, osc_number(random(), 4));
          break;
        case 3:
          if (at + 4 <= bytes.size()) bytes.replace(at, 4, osc_number(random() >> any(64), 4));
          break;
        default:
          bytes.append(4 * any(3), '\0');
          break;
      }
    }
    panel.osc.take({bytes.data(), bytes.size()}, "them");
    if (i % 64 == 0) {
      panel.bench.play(64);
      panel.bench.heard.clear();
      panel.osc.attend();
      panel.bench.live.play(0.02);
      if (!panel.bench.printed.empty()) calls = std::stol(panel.bench.printed.back());
      panel.bench.printed.clear();
    }
    for (const Event& event : panel.events) {
      ++good;
      const auto id =
          static_cast<NodeId>(std::find_if(patch.nodes.begin(), patch.nodes.end(),
                                           [&](const PatchNode& node) {
                                             return panel.bench.live.editor().instance(static_cast<NodeId>(
                                                        &node - patch.nodes.data())) == event.target;
                                           }) -
                              patch.nodes.begin());
      REQUIRE(id < patch.nodes.size());
      REQUIRE(event.param < patch.nodes[id].params.size());
      const Range range = range_of(patch.nodes[id], event.param);
      REQUIRE(event.value >= static_cast<float>(range.min));
      REQUIRE(event.value <= static_cast<float>(range.max));
      REQUIRE(event.glide >= 0);
      REQUIRE(event.time >= 0);
    }
    panel.events.clear();
    refused = panel.osc.refused();
  }
  // All of it happened, and often.
  CHECK(calls > count / 100);
  CHECK(good > static_cast<std::uint64_t>(count) / 200);
  CHECK(refused > static_cast<std::uint64_t>(count) / 4);
}
