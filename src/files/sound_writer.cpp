// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/sound_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sndfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "files/fail.h"

namespace perigee::files {

namespace {

struct Format {
  std::string_view ending;
  int code;
};

constexpr Format kFormats[] = {
    {"wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT},    {"w64", SF_FORMAT_W64 | SF_FORMAT_FLOAT},
    {"caf", SF_FORMAT_CAF | SF_FORMAT_FLOAT},    {"au", SF_FORMAT_AU | SF_FORMAT_FLOAT},
    {"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24}, {"aif", SF_FORMAT_AIFF | SF_FORMAT_PCM_24},
    {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24}, {"ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
    {"opus", SF_FORMAT_OGG | SF_FORMAT_OPUS},    {"mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III},
};

constexpr sf_count_t kBlock = 4096;  ///< frames interleaved at a time

/// What was asked for cannot be: nothing that the disk could mend.
[[noreturn]] void refuse(const std::filesystem::path& path, std::string_view reason) {
  throw std::invalid_argument(fmt::format("{}: {}", path.string(), reason));
}

int format_of(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  if (!ending.empty()) ending.erase(0, 1);
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto* found = std::ranges::find(kFormats, ending, &Format::ending);
  if (found == std::end(kFormats))
    refuse(path, fmt::format("cannot write {}: the ending must be one of {}",
                             ending.empty() ? "a file without an ending" : "\"." + ending + "\" files",
                             writable_endings()));
  return found->code;
}

/// Why a format takes no such sound, in words.
std::string refusal(int format, double rate, unsigned lanes) {
  SF_INFO info{.frames = 0,
               .samplerate = static_cast<int>(rate),
               .channels = static_cast<int>(lanes),
               .format = format,
               .sections = 0,
               .seekable = 0};
  if (rate != std::floor(rate)) return fmt::format("the rate must be a whole number, not {} Hz", rate);
  if ((format & SF_FORMAT_SUBMASK) == SF_FORMAT_OPUS) {
    constexpr double kRates[] = {8000, 12000, 16000, 24000, 48000};
    if (std::ranges::count(kRates, rate) == 0)
      return fmt::format("Opus has only the rates 8000, 12000, 16000, 24000 and 48000 Hz, not {}", rate);
  }
  if ((format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG) {
    constexpr double kRates[] = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};
    if (std::ranges::count(kRates, rate) == 0)
      return fmt::format("MP3 has rates up to 48000 Hz, not {}", rate);
  }
  if (sf_format_check(&info) == 0)
    return fmt::format("this format does not hold {} lane{} at {} Hz", lanes, lanes == 1 ? "" : "s", rate);
  return {};
}

}  // namespace

std::string writable_endings() {
  std::string all;
  for (const Format& format : kFormats) all += (all.empty() ? "" : ", ") + std::string(format.ending);
  return all;
}

/// libsndfile keeps some failures to itself, those of closing above all: so the bytes go through here, where
/// the first one that the disk refuses is noted.
struct SoundWriter::File {
  std::filesystem::path path;
  int descriptor = -1;
  int trouble = 0;  ///< errno of the first failure
  sf_count_t bytes = 0;
  SNDFILE* sound = nullptr;
  SF_INFO info{};
  Frames frames = 0;
  std::vector<float> block;

  [[noreturn]] void fail_here() const {
    fail(path, trouble != 0 ? std::system_category().message(trouble) : sf_strerror(sound));
  }
};

namespace {

template <typename File>
SF_VIRTUAL_IO disk() {
  SF_VIRTUAL_IO io{};
  io.get_filelen = [](void* user) -> sf_count_t {
    struct stat status {};
    return fstat(static_cast<File*>(user)->descriptor, &status) == 0 ? status.st_size : 0;
  };
  io.seek = [](sf_count_t offset, int whence, void* user) -> sf_count_t {
    return lseek(static_cast<File*>(user)->descriptor, offset, whence);
  };
  io.tell = [](void* user) -> sf_count_t { return lseek(static_cast<File*>(user)->descriptor, 0, SEEK_CUR); };
  io.read = [](void* to, sf_count_t count, void* user) -> sf_count_t {
    return std::max<sf_count_t>(
        0, read(static_cast<File*>(user)->descriptor, to, static_cast<std::size_t>(count)));
  };
  io.write = [](const void* from, sf_count_t count, void* user) -> sf_count_t {
    auto* file = static_cast<File*>(user);
    sf_count_t done = 0;
    while (done < count) {
      const auto n = ::write(file->descriptor, static_cast<const char*>(from) + done,
                             static_cast<std::size_t>(count - done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) {
        if (file->trouble == 0) file->trouble = n == 0 ? ENOSPC : errno;
        break;
      }
      done += n;
    }
    return done;
  };
  return io;
}

}  // namespace

SoundWriter::SoundWriter(const std::filesystem::path& path, double rate, unsigned lanes)
    : file_(std::make_unique<File>()) {
  const int format = format_of(path);
  const std::string reason = refusal(format, rate, lanes);
  if (!reason.empty()) refuse(path, reason);

  file_->path = path;
  file_->info = {.frames = 0,
                 .samplerate = static_cast<int>(rate),
                 .channels = static_cast<int>(lanes),
                 .format = format,
                 .sections = 0,
                 .seekable = 0};
  file_->block.resize(static_cast<std::size_t>(kBlock) * lanes);
  file_->descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file_->descriptor < 0) fail(path, std::system_category().message(errno));
  SF_VIRTUAL_IO io = disk<File>();
  file_->sound = sf_open_virtual(&io, SFM_WRITE, &file_->info, file_.get());
  if (file_->sound == nullptr) {
    ::close(file_->descriptor);
    file_->fail_here();
  }
  sf_command(file_->sound, SFC_SET_CLIPPING, nullptr,
             SF_TRUE);  // in 24 bit, what is too loud must not wrap round
}

SoundWriter::~SoundWriter() {
  try {
    close();
  } catch (const std::runtime_error&) {
    return;
  }
}

void SoundWriter::write(std::span<const float* const> lanes, Frames frames) {
  constexpr Frames kMostBytes = 0xFFFFFFFFLL - 4096;  // of a 32-bit length, less the header
  const auto width = static_cast<Frames>(lanes.size());
  const int type = file_->info.format & SF_FORMAT_TYPEMASK;
  const bool short_lengths = type == SF_FORMAT_WAV || type == SF_FORMAT_AIFF || type == SF_FORMAT_AU;
  if (short_lengths && (file_->frames + frames) * width * 4 > kMostBytes)
    fail(file_->path, "has reached 4 GiB, more than this format holds: w64 and caf have no such limit");
  for (Frames at = 0; at < frames;) {
    const Frames n = std::min<Frames>(kBlock, frames - at);
    for (Frames lane = 0; lane < width; ++lane)
      for (Frames i = 0; i < n; ++i)
        file_->block[static_cast<std::size_t>(i * width + lane)] =
            lanes[static_cast<std::size_t>(lane)][at + i];
    const Frames done = sf_writef_float(file_->sound, file_->block.data(), n);
    file_->frames += done;
    if (done != n || file_->trouble != 0) file_->fail_here();
    at += n;
  }
}

void SoundWriter::close() {
  if (file_->sound == nullptr) return;
  sf_write_sync(file_->sound);
  const int error = sf_close(file_->sound);
  file_->sound = nullptr;
  const bool closed = ::close(file_->descriptor) == 0;
  if (!closed && file_->trouble == 0) file_->trouble = errno;
  if (file_->trouble != 0) file_->fail_here();
  if (error != SF_ERR_NO_ERROR) fail(file_->path, sf_error_number(error));
}

Frames SoundWriter::frames() const { return file_->frames; }

}  // namespace perigee::files
