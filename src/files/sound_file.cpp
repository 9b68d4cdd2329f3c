// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/sound_file.h"

#include <fmt/format.h>
#include <sndfile.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "files/fail.h"

namespace perigee::files {

namespace {

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

Handle open(const std::filesystem::path& path, SF_INFO& info) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status)) fail(path, "no such file");
  if (std::filesystem::is_directory(status)) fail(path, "is a folder, not a sound file");
  if (!std::filesystem::is_regular_file(status)) fail(path, "is not a plain file");
  if (access(path.c_str(), R_OK) != 0) fail(path, std::system_category().message(errno));
  if (std::filesystem::file_size(path, ignored) == 0) fail(path, "is empty");
  Handle file(sf_open(path.c_str(), SFM_READ, &info), &sf_close);
  if (!file) fail(path, fmt::format("is damaged, or no sound file: {}", sf_strerror(nullptr)));
  if (info.frames == 0) fail(path, "holds no sound: it has no frames");
  if (info.frames == SF_COUNT_MAX) fail(path, "is cut short: its end is missing");
  if (cut_short(file.get())) fail(path, "is cut short: it ends before its header says");
  return file;
}

}  // namespace

SoundHeader probe_sound(const std::filesystem::path& path) {
  SF_INFO info{};
  const Handle file = open(path, info);
  return {static_cast<unsigned>(info.channels), info.frames, static_cast<double>(info.samplerate)};
}

SoundFile read_sound(const std::filesystem::path& path) {
  constexpr sf_count_t kBlock = 4096;
  SF_INFO info{};
  const Handle file = open(path, info);
  const auto channels = static_cast<std::size_t>(info.channels);

  SoundFile sound{.rate = static_cast<double>(info.samplerate),
                  .lanes = std::vector<std::vector<float>>(channels)};
  std::vector<float> block(static_cast<std::size_t>(kBlock) * channels);
  sf_count_t n = 0;
  // Grows with what is there: a damaged header's count is no reason to take that much memory.
  while ((n = sf_readf_float(file.get(), block.data(), kBlock)) > 0) {
    for (std::size_t lane = 0; lane < channels; ++lane) {
      for (std::size_t i = lane; i < static_cast<std::size_t>(n) * channels; i += channels) {
        if (!std::isfinite(block[i])) ++sound.mended;
        sound.lanes[lane].push_back(std::isfinite(block[i]) ? block[i] : 0.F);
      }
    }
  }
  if (sf_error(file.get()) != SF_ERR_NO_ERROR) fail(path, sf_strerror(file.get()));
  // The last MPEG frames may be missing from files that everything else plays to the end.
  const sf_count_t missing = info.frames - sound.frames();
  const sf_count_t tolerated = (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG ? 2304 : 0;
  if (missing > tolerated || sound.frames() == 0)
    fail(path,
         fmt::format("is cut short or damaged: {} of {} frames can be read", sound.frames(), info.frames));
  return sound;
}

}  // namespace perigee::files
