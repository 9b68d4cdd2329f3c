// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/sound_file.h"

#include <fmt/format.h>
#include <sndfile.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "files/fail.h"
#include "files/plain_file.h"

namespace perigee::files {

namespace {

constexpr int kMostChannels = 1024;  // libsndfile's

using Handle = std::unique_ptr<SNDFILE, decltype(&sf_close)>;

/// libsndfile shortens a file that ends before its header says, and only its log tells: "data : 160000
/// (should be 79956)". Recorders that never came back to fill in the length leave a number near 2 or 4 GiB,
/// which is no damage.
bool cut_short(SNDFILE* file) {
  std::string log(4096, '\0');
  log.resize(
      static_cast<std::size_t>(sf_command(file, SFC_GET_LOG_INFO, log.data(), static_cast<int>(log.size()))));
  for (const char* name : {"\ndata : ", "\n SSND : ", "\n  Data Size   : ", "\nriff : "}) {
    const std::size_t at = log.find(name);
    unsigned long long said = 0, there = 0;
    if (at == std::string::npos) continue;
    if (std::sscanf(log.c_str() + at + std::string_view(name).size(), "%llu (should be %llu)", &said,
                    &there) != 2)
      continue;
    const bool unknown = (said >= 0x7FFFF000ULL && said <= 0x80000FFFULL) || said >= 0xFFFFF000ULL;
    if (said > there && !unknown) return true;
  }
  return false;
}

/// Sound that is in memory at a time: half of what there is, and never more than 4 GiB.
std::uint64_t most_samples() {
  const auto pages = static_cast<std::uint64_t>(std::max(0L, sysconf(_SC_PHYS_PAGES)));
  const auto page = static_cast<std::uint64_t>(std::max(0L, sysconf(_SC_PAGESIZE)));
  return std::min<std::uint64_t>(std::uint64_t{1} << 30U, pages * page / 2 / sizeof(float));
}

/// The bytes of a file for libsndfile, which takes a failure for the end, and which a damaged file may have
/// read the same place again and again.
class Bytes {
 public:
  explicit Bytes(const std::filesystem::path& path) : file_(path), left_(64 * file_.size() + (1U << 26U)) {}

  std::uint64_t size() const { return file_.size(); }
  /// What the system had to say, or that the file is read for ever; empty: nothing.
  const std::string& trouble() const { return trouble_; }

  static SF_VIRTUAL_IO io() {
    return {.get_filelen = [](void* user) { return static_cast<sf_count_t>(of(user).size()); },
            .seek = [](sf_count_t by, int from, void* user) { return of(user).seek(by, from); },
            .read = [](void* to, sf_count_t count, void* user) { return of(user).read(to, count); },
            .write = [](const void*, sf_count_t, void*) -> sf_count_t { return 0; },
            .tell = [](void* user) { return static_cast<sf_count_t>(of(user).file_.place()); }};
  }

 private:
  static Bytes& of(void* user) { return *static_cast<Bytes*>(user); }

  sf_count_t read(void* to, sf_count_t count) try {
    if (count <= 0 || !trouble_.empty()) return 0;
    const std::uint64_t cost = static_cast<std::uint64_t>(count) + 64;
    if (cost > left_) throw Unreadable("is damaged: it leads around in a circle");
    left_ -= cost;
    return static_cast<sf_count_t>(
        file_.read(std::span(static_cast<char*>(to), static_cast<std::size_t>(count))));
  } catch (const Unreadable& reason) {
    trouble_ = reason.what();
    return 0;
  }

  sf_count_t seek(sf_count_t by, int whence) try {
    const auto from = static_cast<sf_count_t>(whence == SEEK_SET   ? 0
                                              : whence == SEEK_CUR ? file_.place()
                                                                   : size());
    sf_count_t place = 0;
    if (__builtin_add_overflow(from, by, &place) || place < 0) return -1;
    file_.seek(static_cast<std::uint64_t>(place));
    return place;
  } catch (const Unreadable& reason) {
    trouble_ = reason.what();
    return -1;
  }

  PlainFile file_;
  std::uint64_t left_;  ///< bytes that may still be read
  std::string trouble_;
};

}  // namespace

bool fits_memory(Frames frames, std::size_t lanes) {
  return frames >= 0 && lanes > 0 && static_cast<std::uint64_t>(frames) <= most_samples() / lanes;
}

namespace {

/// A sound file whose header has been looked at.
struct Opened {
  explicit Opened(const std::filesystem::path& path) try : bytes(path) {
    if (bytes.size() == 0) throw Unreadable("is empty");
    SF_VIRTUAL_IO io = Bytes::io();
    file.reset(sf_open_virtual(&io, SFM_READ, &info, &bytes));
    if (!bytes.trouble().empty()) throw Unreadable(bytes.trouble());
    if (!file) throw Unreadable(fmt::format("is damaged, or no sound file: {}", sf_strerror(nullptr)));
    check_header();
  } catch (const Missing&) {
    fail(path, "no such file");
  } catch (const Unreadable& reason) {
    fail(path, reason.what());
  }

  Bytes bytes;
  SF_INFO info{};
  Handle file{nullptr, &sf_close};

 private:
  void check_header() const {
    if (info.channels < 1 || info.channels > kMostChannels)
      throw Unreadable(fmt::format("has {} channels: 1 to {} can be read", info.channels, kMostChannels));
    if (info.samplerate < 1) throw Unreadable(fmt::format("has a rate of {} Hz", info.samplerate));
    if (info.frames == 0) throw Unreadable("holds no sound: it has no frames");
    if (info.frames < 0 || info.frames == SF_COUNT_MAX) throw Unreadable("is cut short: its end is missing");
    if (cut_short(file.get())) throw Unreadable("is cut short: it ends before its header says");
    if (!fits_memory(info.frames, static_cast<std::size_t>(info.channels)))
      throw Unreadable(
          fmt::format("is too long for memory: {} frames of {} channels are more than {} samples",
                      info.frames, info.channels, most_samples()));
  }
};

}  // namespace

SoundHeader probe_sound(const std::filesystem::path& path) {
  const SF_INFO info = Opened(path).info;
  return {static_cast<unsigned>(info.channels), info.frames, static_cast<double>(info.samplerate)};
}

SoundFile read_sound(const std::filesystem::path& path) {
  constexpr sf_count_t kBlock = 4096;
  const Opened opened(path);
  const SF_INFO& info = opened.info;
  SNDFILE* const file = opened.file.get();
  const auto channels = static_cast<std::size_t>(info.channels);

  SoundFile sound{.rate = static_cast<double>(info.samplerate),
                  .lanes = std::vector<std::vector<float>>(channels)};
  std::vector<float> block(static_cast<std::size_t>(kBlock) * channels);
  sf_count_t n = 0;
  // Grows with what is there: a damaged header's count is no reason to take that much memory.
  while ((n = sf_readf_float(file, block.data(), kBlock)) > 0) {
    if (!fits_memory(sound.frames() + n, channels)) fail(path, "is too long for memory");
    for (std::size_t lane = 0; lane < channels; ++lane) {
      for (std::size_t i = lane; i < static_cast<std::size_t>(n) * channels; i += channels) {
        if (!std::isfinite(block[i])) ++sound.mended;
        sound.lanes[lane].push_back(std::isfinite(block[i]) ? block[i] : 0.F);
      }
    }
  }
  if (!opened.bytes.trouble().empty()) fail(path, opened.bytes.trouble());
  if (sf_error(file) != SF_ERR_NO_ERROR) fail(path, fmt::format("is damaged: {}", sf_strerror(file)));
  // The last MPEG frames may be missing from files that everything else plays to the end.
  const sf_count_t missing = info.frames - sound.frames();
  const sf_count_t tolerated = (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG ? 2304 : 0;
  if (missing > tolerated || sound.frames() == 0)
    fail(path,
         fmt::format("is cut short or damaged: {} of {} frames can be read", sound.frames(), info.frames));
  return sound;
}

}  // namespace perigee::files
