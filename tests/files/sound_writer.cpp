// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/sound_writer.h"

#include <doctest/doctest.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "files/sound_file.h"
#include "support/rig.h"
#include "support/temporary.h"

using namespace perigee::test;
namespace files = perigee::files;

namespace {

void write(files::SoundWriter& writer, const Sound& sound, std::size_t from, std::size_t frames) {
  std::vector<const float*> lanes;
  for (const Lane& lane : sound) lanes.push_back(lane.data() + from);
  writer.write(lanes, static_cast<perigee::Frames>(frames));
}

std::time_t added_seconds = 0;

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

/// In place of the system's, for libsndfile, too.
extern "C" std::time_t time(std::time_t* result) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const std::time_t told = now.tv_sec + added_seconds;
  if (result != nullptr) *result = told;
  return told;
}

TEST_CASE("the same sound makes the same file at any time, byte by byte") {
  const TemporaryFolder folder;
  const auto sound = white_noise(2, 30000, 1, 0.5F);
  for (const std::string ending : {"wav", "w64", "caf", "au", "aiff", "aif", "flac", "ogg", "opus", "mp3"}) {
    CAPTURE(ending);
    std::string first;
    for (int i = 0; i < 3; ++i) {
      added_seconds = i * 86401;
      const auto path = folder / ("sound." + ending);
      files::SoundWriter writer(path, 48000, 2);
      write(writer, sound, 0, 30000);
      writer.close();
      if (i == 0) first = bytes_of(path);
      CHECK(first == bytes_of(path));
    }
    CHECK(first.size() > 1000);
    CHECK(files::read_sound(folder / ("sound." + ending)).frames() == 30000);
  }
  added_seconds = 0;
}

TEST_CASE("what was there stays as it was until a file is complete; what there is of one can be kept") {
  const TemporaryFolder folder;
  const auto sound = white_noise(2, 20000, 1, 0.5F);
  for (const std::string ending : {"wav", "w64", "caf", "au", "aiff", "flac", "ogg", "opus", "mp3"}) {
    CAPTURE(ending);
    const auto path = folder / ("sound." + ending);
    std::ofstream(path) << "old";
    { files::SoundWriter writer(path, 48000, 2); }
    CHECK(bytes_of(path) == "old");
    {
      files::SoundWriter writer(path, 48000, 2);
      write(writer, sound, 0, 20000);
      CHECK(bytes_of(path) == "old");
      const auto kept = writer.keep();
      REQUIRE(kept);
      CHECK(*kept == folder / ("sound.partial." + ending));
      CHECK(files::read_sound(*kept).frames() == 20000);
    }
    CHECK(bytes_of(path) == "old");
  }
}

TEST_CASE("what is written in blocks of any size is read back") {
  const TemporaryFolder folder;
  const auto sound = white_noise(2, 12000, 1, 0.9F);
  struct Case {
    std::string ending;
    double db;  ///< what the format keeps of the sound: all of float, half a step of 24 bit
  };
  for (const auto& [ending, db] : {Case{"wav", -400},
                                   {"w64", -400},
                                   {"caf", -400},
                                   {"au", -400},
                                   {"WAV", -400},
                                   {"aiff", -132},
                                   {"aif", -132},
                                   {"flac", -132}}) {
    CAPTURE(ending);
    const auto path = folder / ("sound." + ending);
    files::SoundWriter writer(path, 44100, 2);
    for (std::size_t at = 0, n = 1; at < 12000; at += n, n = std::min<std::size_t>(n * 3, 12000 - at))
      write(writer, sound, at, n);
    CHECK(writer.frames() == 12000);
    writer.close();
    const auto read = files::read_sound(path);
    CHECK(read.rate == 44100);
    CHECK(difference_db(read.lanes, sound) <= db);
  }
}

TEST_CASE("lossy formats keep the length, the lanes and the tone") {
  const TemporaryFolder folder;
  const auto tone = sine_wave(1000, 48000, 24000, 0.5);
  for (const std::string ending : {"ogg", "opus", "mp3"}) {
    CAPTURE(ending);
    const auto path = folder / ("tone." + ending);
    files::SoundWriter writer(path, 48000, 1);
    write(writer, tone, 0, 24000);
    writer.close();
    const auto read = files::read_sound(path);
    REQUIRE(read.frames() == 24000);
    CHECK(read.lanes.size() == 1);
    CHECK(difference_db({Lane(read.lanes[0].begin() + 8000, read.lanes[0].begin() + 16000)},
                        {Lane(tone[0].begin() + 8000, tone[0].begin() + 16000)}) < -30);
  }
}

TEST_CASE("24 bit clips what is too loud, and does not wrap") {
  const TemporaryFolder folder;
  for (const std::string ending : {"flac", "aiff"}) {
    const auto path = folder / ("loud." + ending);
    files::SoundWriter writer(path, 48000, 1);
    write(writer, {{2.F, -2.F, 0.5F}}, 0, 3);
    writer.close();
    CHECK(difference_db(files::read_sound(path).lanes, {{1.F, -1.F, 0.5F}}) < -132);
  }
}

TEST_CASE("what cannot be written is refused in words") {
  const TemporaryFolder folder;
  const auto refuse = [&](const char* name, double rate = 48000, unsigned lanes = 2) {
    files::SoundWriter(folder / name, rate, lanes);
  };
  CHECK_THROWS_WITH_AS(refuse("a.xyz"),
                       doctest::Contains("wav, w64, caf, au, aiff, aif, flac, ogg, opus, mp3"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(refuse("a"), doctest::Contains("without an ending"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(refuse("a.opus", 44100),
                       doctest::Contains("8000, 12000, 16000, 24000 and 48000 Hz, not 44100"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(refuse("a.mp3", 96000), doctest::Contains("not 96000"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(refuse("a.flac", 48000, 12), doctest::Contains("12 lanes"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(refuse("a.mp3", 48000, 6), doctest::Contains("6 lanes"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(refuse("a.wav", 48000, 2000), doctest::Contains("2000 lanes"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(refuse("a.wav", 44100.5), doctest::Contains("whole number"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(refuse("no/such/folder.wav"), doctest::Contains("No such file or directory"),
                       std::runtime_error);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a full disk is reported, by every format, at the latest when closing") {
  const TemporaryFolder folder;
  const auto sound = white_noise(2, 48000, 1, 0.5F);
  for (const std::string ending : {"wav", "w64", "caf", "au", "aiff", "flac", "ogg", "opus", "mp3"}) {
    for (const std::size_t frames : {std::size_t{100}, sound[0].size()}) {
      CAPTURE(ending);
      CAPTURE(frames);
      const auto path = folder / ("full." + ending);
      std::filesystem::remove(path);
      std::filesystem::create_symlink("/dev/full", path);
      const auto fill = [&] {
        files::SoundWriter writer(path, 48000, 2);
        write(writer, sound, 0, frames);
        writer.close();
      };
      CHECK_THROWS_WITH_AS(fill(), doctest::Contains("No space left on device"), std::runtime_error);
    }
  }
}

TEST_CASE("a format of 32-bit lengths is not written beyond them") {
  const TemporaryFolder folder;
  const float sample = 0;
  const float* lanes[] = {&sample};
  files::SoundWriter writer(folder / "long.wav", 48000, 1);
  CHECK_THROWS_WITH_AS(writer.write(lanes, perigee::Frames{1} << 30), doctest::Contains("4 GiB"),
                       std::runtime_error);
}

TEST_CASE("a writer that is forgotten closes its file") {
  const TemporaryFolder folder;
  const auto sound = white_noise(1, 1000, 1);
  {
    files::SoundWriter writer(folder / "left.wav", 48000, 1);
    write(writer, sound, 0, 1000);
  }
  CHECK(identical(files::read_sound(folder / "left.wav").lanes, sound));
}
