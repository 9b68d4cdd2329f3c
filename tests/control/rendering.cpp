// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/rendering.h"

#include <doctest/doctest.h>

#include "support/rig.h"
#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

namespace {

LoadedPatch patch_of(const std::string& script) {
  LoadedPatch patch = load("patch.lua", {.text = script});
  for (const Mistake& mistake : patch.mistakes) throw std::runtime_error(to_string(mistake));
  return patch;
}

InputFile heard_at(const std::string& port, Sound lanes) {
  return {.place = {port, ""}, .sound = {.lanes = std::move(lanes)}};
}

/// Files named after ports.
struct Shelf {
  TemporaryFolder folder;

  PortFile place(const std::string& port) const { return {port, folder / (port + ".wav")}; }
  Sound sound(const std::string& port) const { return files::read_sound(place(port).file).lanes; }
};

/// Runs it; returns what the patch's probes showed.
std::string rendered(Rendering& rendering) {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  Reporter reporter(file, file);
  Frames last = 0;
  rendering.run({}, reporter, [&](Frames done) {
    CHECK(done > last);
    last = done;
  });
  CHECK(last == rendering.all());
  rendering.close();
  reporter.finish();
  std::rewind(file);
  char text[1000] = {};
  std::fread(text, 1, sizeof text - 1, file);
  std::fclose(file);
  return text;
}

}  // namespace

TEST_CASE("each file begins where its own sound does, and is as long as asked for; raw keeps the latency") {
  const std::string script = "mic = input('mic') output('dry', nocomp(mic)) output('wet', mic:lag(240))";
  const Sound noise = white_noise(1, 5000, 1);
  for (const bool raw : {false, true}) {
    CAPTURE(raw);
    const Shelf shelf;
    Rendering rendering(patch_of(script), {heard_at("", noise)},
                        {.outputs = {shelf.place("dry"), shelf.place("wet")}, .raw = raw});
    CHECK(rendering.frames() == 5000);
    CHECK(rendering.all() == (raw ? 5000 : 5240));
    rendered(rendering);
    CHECK(identical(shelf.sound("dry"), noise));
    Sound late = silence(1, 5000);
    std::copy(noise[0].begin(), noise[0].end() - 240, late[0].begin() + 240);
    CHECK(identical(shelf.sound("wet"), raw ? late : noise));
  }
}

TEST_CASE("a rendering lasts as it is told, else as long as its longest input, else 10 s") {
  const std::string script = "output('main', input('a') + input('b'))";
  const std::vector<InputFile> inputs = {heard_at("a", silence(1, 700)), heard_at("b", silence(1, 900))};
  const Shelf shelf;
  const auto frames = [&](const std::vector<InputFile>& in, double seconds) {
    return Rendering(patch_of(script), in, {.outputs = {shelf.place("main")}, .seconds = seconds}).frames();
  };
  CHECK(frames(inputs, 0) == 900);
  CHECK(frames(inputs, 0.5) == 24000);
  CHECK(frames({}, 0.5) == 24000);
  CHECK(frames({}, 0) == 480000);
}

TEST_CASE("the lanes of a file are those of its port; one lane feeds them all; others do not fit") {
  const std::string script = "output('main', input('mic', 2))";
  const Sound wide = white_noise(2, 100, 1), mono = white_noise(1, 100, 2);
  const auto through = [&](const Sound& sound) {
    const Shelf shelf;
    Rendering rendering(patch_of(script), {heard_at("mic", sound)}, {.outputs = {shelf.place("main")}});
    rendered(rendering);
    return shelf.sound("main");
  };
  CHECK(identical(through(wide), wide));
  CHECK(identical(through(mono), {mono[0], mono[0]}));
  CHECK_THROWS_AS(through(white_noise(3, 100, 1)), Misfit);
}

TEST_CASE("without a name it is the output main, else the only one, else none") {
  const auto port = [](const std::string& script) {
    const Shelf shelf;
    const Rendering rendering(patch_of(script), {}, {.outputs = {{"", shelf.place("any").file}}});
    return rendering.outputs()[0].port().name;
  };
  CHECK(port("output('low', sine(1)) output('main', sine(1))") == "main");
  CHECK(port("output('low', sine(1))") == "low");
  CHECK_THROWS_AS(port("output('low', sine(1)) output('high', sine(1))"), Misfit);
}

TEST_CASE("what a probe shows at the end holds all that it has seen") {
  Sound in = silence(1, 2000);
  in[0].back() = 0.75F;
  const Shelf shelf;
  Rendering rendering(patch_of("seen = probe(input('mic')) output('main', seen)"), {heard_at("mic", in)},
                      {.outputs = {shelf.place("main")}});
  CHECK(rendered(rendering).starts_with("probe \"seen\": min 0, max 0.75"));
}
