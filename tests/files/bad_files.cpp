// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files with bytes that nobody meant: so many of each kind as PERIGEE_FILES says, or a few.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sndfile.h>
#include <sys/resource.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "files/midi_file.h"
#include "files/sound_file.h"
#include "node/registry.h"
#include "support/effort.h"
#include "support/midi_bytes.h"
#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

namespace {

int count_or(int usual) {
  const char* count = std::getenv("PERIGEE_FILES");  // NOLINT(concurrency-mt-unsafe): one thread
  return count == nullptr ? effort(usual) : std::atoi(count);
}

/// Bytes, KiB, at most so far.
long most_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// Changes, cuts, repeats and swaps of bytes, mostly near the beginning, where headers are.
std::string damaged(std::string bytes, std::mt19937_64& random) {
  const auto any = [&](std::size_t count) {
    return static_cast<std::size_t>(random() % std::max<std::size_t>(count, 1));
  };
  const auto place = [&] {
    return any(any(3) == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 256));
  };
  for (std::size_t i = 1 + any(4); i > 0 && !bytes.empty(); --i) {
    switch (any(7)) {
      case 0:
        bytes[place()] = static_cast<char>(random());
        break;
      case 1: {  // numbers that lie
        constexpr std::uint64_t kLies[] = {
            0,          1,          0x7f,       0x80,       0xff,
            0x7fff,     0xffff,     0x7fffffff, 0x80000000, 0xffffffff,
            0xfffffffe, 0x10000000, 0x0fffffff, 0x40000000, 0x3fffffffffffffff};
        const std::string lie = big(kLies[any(std::size(kLies))], std::array{1, 2, 4, 8}[any(4)]);
        const std::size_t at = place();
        bytes.replace(at, std::min(lie.size(), bytes.size() - at),
                      any(2) == 0 ? lie : std::string(lie.rbegin(), lie.rend()));
        break;
      }
      case 2:
        bytes.resize(any(2) == 0 ? place() : bytes.size() - any(std::min<std::size_t>(bytes.size(), 16)));
        break;
      case 3:
        bytes.insert(place(), bytes.substr(place(), any(64)));
        break;
      case 4:
        bytes.erase(place(), any(16));
        break;
      case 5:
        bytes[place()] ^= static_cast<char>(1U << any(8));
        break;
      default:
        bytes.insert(place(), std::string(any(12), static_cast<char>(random())));
        break;
    }
  }
  return bytes;
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::string random_song(std::mt19937_64& random) {
  const unsigned tracks = 1 + random() % 3;
  std::string song = midi_header(tracks > 1, tracks, 1 + random() % 960);
  for (unsigned track = 0; track < tracks; ++track) {
    std::string events;
    for (int i = 0; i < 20; ++i) {
      switch (random() % 6) {
        case 0:
          events += tempo_event(random() % 500, static_cast<std::uint32_t>(random() % 2000000));
          break;
        case 1:
          events += variable(random() % 500) + bytes_of({0xff, 3, 6}) + "a name";
          break;
        case 2:
          events += variable(random() % 500) + bytes_of({0xf0, 3, 0x43, 0x12, 0xf7});
          break;
        default:
          events += variable(random() % 500) +
                    bytes_of({0x90 | static_cast<int>(random() % 16), static_cast<int>(random() % 128),
                              static_cast<int>(random() % 128)});
      }
    }
    song += chunk("MTrk", events + end_of_track());
  }
  return song;
}

/// Every format that libsndfile writes here, by its endings: each with one of its encodings.
std::vector<SF_INFO> sound_formats() {
  std::vector<SF_INFO> formats;
  int majors = 0, minors = 0;
  sf_command(nullptr, SFC_GET_FORMAT_MAJOR_COUNT, &majors, sizeof majors);
  sf_command(nullptr, SFC_GET_FORMAT_SUBTYPE_COUNT, &minors, sizeof minors);
  for (int major = 0; major < majors; ++major) {
    SF_FORMAT_INFO type{.format = major, .name = nullptr, .extension = nullptr};
    sf_command(nullptr, SFC_GET_FORMAT_MAJOR, &type, sizeof type);
    for (int minor = 0; minor < minors; ++minor) {
      SF_FORMAT_INFO encoding{.format = minor, .name = nullptr, .extension = nullptr};
      sf_command(nullptr, SFC_GET_FORMAT_SUBTYPE, &encoding, sizeof encoding);
      for (const int channels : {2, 1}) {
        SF_INFO info{};
        info.samplerate = 8000;
        info.channels = channels;
        info.format = (type.format & SF_FORMAT_TYPEMASK) | encoding.format;
        if (sf_format_check(&info) == 0) continue;
        formats.push_back(info);
        break;
      }
    }
  }
  return formats;
}

/// A second of noise; empty where this library cannot.
std::string sound_bytes(const std::filesystem::path& path, SF_INFO info, std::mt19937_64& random) {
  SNDFILE* const file = sf_open(path.c_str(), SFM_WRITE, &info);
  if (file == nullptr) return {};
  std::vector<float> noise(std::size_t{2000} * static_cast<unsigned>(info.channels));
  for (float& sample : noise) sample = static_cast<float>(random() % 2000) / 1000 - 1;
  sf_writef_float(file, noise.data(), 2000);
  sf_close(file);
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Reads it as -i does, and as player. True if it was sound.
bool read_both_ways(const std::filesystem::path& path) {
  bool read = true;
  try {
    const auto sound = files::read_sound(path);
    for (const auto& lane : sound.lanes)
      for (const float sample : lane) REQUIRE(std::isfinite(sample));
  } catch (const std::runtime_error& error) {
    REQUIRE(std::string(error.what()).find(path.string()) != std::string::npos);
    read = false;
  }
  const Spec& player = *find_kind("player");
  const std::vector<Value> fixed{path.string(), 0.0, 0.0};
  const std::vector<unsigned> none, params{1, 1};
  Setup setup{.rate = 8000, .lanes = 1, .in_lanes = none, .param_lanes = params, .fixed = fixed};
  setup.lanes = player.lanes(setup);
  const std::string mistake = player.check(setup);
  if (!mistake.empty()) REQUIRE(mistake.find(path.string()) != std::string::npos);
  if (!mistake.empty()) return read;
  try {
    player.make(setup);
  } catch (const std::runtime_error& error) {
    REQUIRE(std::string(error.what()).find(path.string()) != std::string::npos);
  }
  return read;
}

}  // namespace

TEST_CASE("bad files: MIDI of any bytes is played or refused by name and place") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const TemporaryFolder folder;
  const auto path = folder / "song.mid";
  int played = 0;
  const int count = count_or(1000);
  for (int i = 0; i < count; ++i) {
    CAPTURE(i);
    const std::string song = random_song(random);
    write_bytes(path, song);
    REQUIRE(files::read_midi(path, 48000).remarks.empty());
    write_bytes(path, damaged(song, random));
    try {
      const auto file = files::read_midi(path, 48000);
      ++played;
      Frames last = 0;
      for (const auto& message : file.messages) {
        REQUIRE(message.time >= last);
        REQUIRE(message.message.channel < 16);
        last = message.time;
      }
      REQUIRE(last <= static_cast<Frames>(files::kLongestMidi * 48000));
    } catch (const std::runtime_error& error) {
      const std::string text = error.what();
      REQUIRE(text.starts_with(path.string() + ": "));
      REQUIRE(text.find("byte ") != std::string::npos);
      REQUIRE(text.find("expected") != std::string::npos);
    }
  }
  MESSAGE(fmt::format("{} of {} played", played, count));
  CHECK(played > 0);
  CHECK(played < count);
}

TEST_CASE("bad files: sound of any bytes is sound or refused by name, in every format, in bounded memory") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const TemporaryFolder folder;
  const auto path = folder / "sound";
  const long before = most_memory();
  const int count = count_or(3);
  int formats = 0;
  for (const SF_INFO& info : sound_formats()) {
    const std::string whole = sound_bytes(path, info, random);
    if (whole.empty()) continue;
    ++formats;
    int read = 0;
    for (int i = 0; i < count; ++i) {
      CAPTURE(fmt::format("{:x}", info.format));
      CAPTURE(i);
      write_bytes(path, damaged(whole, random));
      if (read_both_ways(path)) ++read;
    }
    if (count > 100) MESSAGE(fmt::format("{:x}: {} of {} read", info.format, read, count));
  }
  MESSAGE(fmt::format("{} formats, {} MiB", formats, (most_memory() - before) / 1024));
  CHECK(formats > 20);
  CHECK(most_memory() - before < 1024L * 1024);
}
