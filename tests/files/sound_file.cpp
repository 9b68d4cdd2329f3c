// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/sound_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <random>
#include <stdexcept>

#include "files/sound_writer.h"
#include "support/rig.h"
#include "support/temporary.h"

using namespace perigee::test;
namespace files = perigee::files;

namespace {

std::filesystem::path write(const std::filesystem::path& path, const Sound& sound) {
  std::vector<const float*> lanes;
  for (const Lane& lane : sound) lanes.push_back(lane.data());
  files::SoundWriter writer(path, 48000, static_cast<unsigned>(sound.size()));
  writer.write(lanes, static_cast<perigee::Frames>(sound[0].size()));
  writer.close();
  return path;
}

/// What reading throws, or "" when it does not.
std::string complaint(const std::filesystem::path& path) {
  try {
    files::read_sound(path);
  } catch (const std::runtime_error& error) {
    CHECK(std::string(error.what()).starts_with(path.string() + ": "));
    return error.what();
  }
  return "";
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a sound is read whole, lane by lane, to the bit") {
  const TemporaryFolder folder;
  for (const perigee::Frames frames : {1, 4095, 4096, 4097, 20000}) {
    CAPTURE(frames);
    const auto sound = white_noise(3, frames, 1, 2);  // float files hold what is above full scale
    const auto path = write(folder / "noise.wav", sound);
    const auto header = files::probe_sound(path);
    CHECK(header.lanes == 3);
    CHECK(header.frames == frames);
    CHECK(header.rate == 48000);
    const auto read = files::read_sound(path);
    CHECK(read.rate == 48000);
    CHECK(read.mended == 0);
    CHECK(identical(read.lanes, sound));
  }
}

TEST_CASE("NaN and infinity in a file read as silence, and are counted") {
  const TemporaryFolder folder;
  auto sound = white_noise(2, 1000, 1);
  sound[0][10] = std::numeric_limits<float>::quiet_NaN();
  sound[1][999] = -std::numeric_limits<float>::infinity();
  const auto read = files::read_sound(write(folder / "nan.wav", sound));
  sound[0][10] = sound[1][999] = 0;
  CHECK(identical(read.lanes, sound));
  CHECK(read.mended == 2);
}

TEST_CASE("what is no sound file is refused by name") {
  const TemporaryFolder folder;
  CHECK(says(complaint(folder / "missing.wav"), "no such file"));
  CHECK(says(complaint(folder.path()), "is a folder"));
  std::ofstream(folder / "text.wav") << "not a sound at all, but long enough to hold a header of one\n";
  CHECK(says(complaint(folder / "text.wav"), "no sound file"));
  std::ofstream(folder / "nothing.wav").flush();
  CHECK(says(complaint(folder / "nothing.wav"), "is empty"));
  write(folder / "empty.wav", silence(1, 0));
  CHECK(says(complaint(folder / "empty.wav"), "no frames"));
  // A pipe without a writer would be waited for, for ever.
  REQUIRE(mkfifo((folder / "pipe.wav").c_str(), 0600) == 0);
  CHECK(says(complaint(folder / "pipe.wav"), "not a plain file"));
}

TEST_CASE("a file that is cut short is refused") {
  const TemporaryFolder folder;
  for (const std::string ending : {"wav", "w64", "caf", "au", "aiff", "flac", "ogg", "opus", "mp3"}) {
    CAPTURE(ending);
    const auto path = write(folder / ("cut." + ending), white_noise(2, 20000, 1, 0.5F));
    CHECK(complaint(path).empty());
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    CHECK_FALSE(complaint(path).empty());
    // Of these two, only reading tells.
    if (ending != "flac" && ending != "mp3") CHECK_THROWS_AS(files::probe_sound(path), std::runtime_error);
  }
}

TEST_CASE("a WAV whose recorder never wrote the length plays as far as it goes") {
  const TemporaryFolder folder;
  const auto sound = white_noise(1, 1000, 1);
  const auto path = write(folder / "crashed.wav", sound);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  std::string bytes(200, '\0');
  file.read(bytes.data(), 200);
  const auto put = [&](std::size_t at) {
    file.seekp(static_cast<std::streamoff>(at));
    file.write("\xff\xff\xff\xff", 4);
  };
  put(4);
  put(bytes.find("data") + 4);
  file.close();
  CHECK(identical(files::read_sound(path).lanes, sound));
}

TEST_CASE("damage anywhere is an error or sound, never a crash, never NaN") {
  const TemporaryFolder folder;
  const auto sound = white_noise(2, 2000, 1, 0.5F);
  for (const std::string ending : {"wav", "flac", "ogg", "aiff", "mp3"}) {
    const auto path = write(folder / ("damaged." + ending), sound);
    std::ifstream in(path, std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      CAPTURE(ending);
      CAPTURE(seed);
      std::mt19937_64 random(seed);
      std::string bytes = whole;
      for (int k = 0; k < 4; ++k)
        bytes[random() % (seed % 2 == 0 ? 100 : bytes.size())] = static_cast<char>(random());
      std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
      try {
        const auto read = files::read_sound(path);
        for (const Lane& lane : read.lanes)
          for (const float sample : lane) REQUIRE(std::isfinite(sample));
      } catch (const std::runtime_error& error) {
        CHECK(says(error.what(), path.string()));
      }
    }
  }
}
