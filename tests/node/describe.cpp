// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/describe.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "node/facts.h"
#include "node/nearest.h"
#include "node/registry.h"

using namespace perigee;

namespace {

constexpr std::string_view kDetectors[] = {"peak", "rms"};
constexpr Port kIn[] = {{"in", "signal"}, {"key", "listens to this instead", false, true}};
constexpr Port kOut[] = {{"out", "limited signal"}, {"reduction", "gain, dB"}};
constexpr Param kParams[] = {{"ceiling", Unit::db, -60, 0, kRequired, "the most that comes out"},
                             {"release", Unit::seconds, 0.001, kNoLimit, 0.1, "time to recover"}};
constexpr Fixed kFixed[] = {number("lookahead", Unit::seconds, 0, 0.1, 0.005, "sees this far"),
                            choice("detector", kDetectors, "peak", "what it hears")};
constexpr Reading kReadings[] = {{"most", Unit::db, "the greatest reduction"}};
constexpr Spec kSpec = {
    .kind = "brickwall",
    .group = "dynamics",
    .doc = "keeps peaks under a ceiling",
    .in = kIn,
    .out = kOut,
    .params = kParams,
    .fixed = kFixed,
    .latency = [](const Setup& setup) { return setup.frames(0); },
    .readings = kReadings,
};

}  // namespace

TEST_CASE("a usage line follows the declared order") {
  CHECK(usage(kSpec) ==
        "signal:brickwall(key, ceiling, release, { lookahead = 0.005, detector = \"peak\" })");
  Spec spec = kSpec;
  spec.args = "in ceiling lookahead";
  CHECK(usage(spec) ==
        "signal:brickwall(ceiling, lookahead, { key = key, release = 0.1, detector = \"peak\" })");
  CHECK(usage(*find_kind("sine")) == "sine(hz, phase)");
  CHECK(usage(*find_kind("gain")) == "signal:gain(level)");
  CHECK(usage(*find_kind("output")) == "output(name, in, connect)");
  CHECK(usage(*find_kind("feedback")) == "feedback(frames)");
}

TEST_CASE("a description says everything that is declared") {
  CHECK(describe(kSpec) == R"(brickwall: keeps peaks under a ceiling

  signal:brickwall(key, ceiling, release, { lookahead = 0.005, detector = "peak" })

inputs
  in   signal
  key  listens to this instead (may be left out)

outputs
  out        limited signal
  reduction  gain, dB

parameters (a number or a signal)
  ceiling  required  -60 to 0 dB      the most that comes out
  release  0.1 s     0.001 s or more  time to recover

fixed values (a change makes a new node)
  lookahead  0.005 s  0 to 0.1 s        sees this far
  detector   "peak"   one of peak, rms  what it hears

readings
  most  dB  the greatest reduction

latency: 240 frames at 48 kHz by default, set by lookahead
)");
}

TEST_CASE("json says the same") {
  const auto json = nlohmann::json::parse(describe_json(kSpec));
  CHECK(json["usage"] == usage(kSpec));
  CHECK(json["inputs"][1]["optional"] == true);
  CHECK(json["parameters"][0]["default"].is_null());
  CHECK(json["parameters"][0]["min"] == -60);
  CHECK(json["parameters"][1]["max"].is_null());
  CHECK(json["parameters"][1]["unit"] == "s");
  CHECK(json["fixed"][1]["choices"] == nlohmann::json{"peak", "rms"});
  CHECK(json["parameters"][0]["allowed"] == "-60 to 0 dB");
  CHECK(json["fixed"][1]["allowed"] == "one of peak, rms");
  CHECK(json["arguments"] == nlohmann::json{"in", "key", "ceiling", "release", "lookahead", "detector"});
  Spec spec = kSpec;
  spec.args = "in ceiling lookahead";
  CHECK(nlohmann::json::parse(describe_json(spec))["arguments"] ==
        nlohmann::json{"in", "ceiling", "lookahead"});
  CHECK(nlohmann::json::parse(describe_json(*find_kind("feedback")))["arguments"] ==
        nlohmann::json{"frames"});
  CHECK(json["latency"] == nlohmann::json{{"frames", 240}, {"depends_on", {"lookahead"}}});
}

TEST_CASE("every kind can be described") {
  const auto json = nlohmann::json::parse(describe_json(all_kinds()));
  REQUIRE(json.size() == all_kinds().size());
  const std::string list = describe(all_kinds());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const Spec& spec = *all_kinds()[i];
    CAPTURE(std::string(spec.kind));
    CHECK(json[i]["kind"] == spec.kind);
    const std::string text = describe(spec);
    for (const auto& param : spec.params)
      CHECK(text.find("\n  " + std::string(param.name)) != std::string::npos);
    CHECK(list.find("\n  " + std::string(spec.kind)) != std::string::npos);
  }
}

TEST_CASE("a near miss is told, a wild guess is not") {
  constexpr std::string_view kNames[] = {"lowpass", "highpass", "saw", "sine"};
  CHECK(nearest("lowpas", kNames) == "lowpass");
  CHECK(nearest("hihgpass", kNames) == "highpass");
  CHECK(nearest("Saw", kNames) == "saw");
  CHECK(nearest("sien", kNames) == "sine");
  CHECK(nearest("kazoo", kNames).empty());
  CHECK(nearest("", kNames).empty());
}
