// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/sound_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sndfile.h>
#include <sys/resource.h>
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
#include <utility>

#include "files/fail.h"
#include "files/ogg_serial.h"
#include "files/replacement.h"

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
/// Bytes that are taken of the disk ahead of what is written; and how many of them are left, besides two
/// blocks, for completing a file when there is no more to be had: what encoders hold back, and headers.
constexpr sf_count_t kAhead = sf_count_t{1} << 20U, kReserve = sf_count_t{256} << 10U;

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
  explicit File(const std::filesystem::path& of) : path(of), replacement(of) {
    rlimit limit{};
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
      most = static_cast<sf_count_t>(limit.rlim_cur);
  }

  std::filesystem::path path;
  Replacement replacement;
  int descriptor = replacement.descriptor();
  int trouble = 0;                              ///< errno of the first failure
  bool completing = false;                      ///< with what was reserved
  sf_count_t allocated = 0;                     ///< bytes of the disk that are the file's
  sf_count_t most = SF_COUNT_MAX, reserve = 0;  ///< bytes
  SNDFILE* sound = nullptr;
  SF_INFO info{};
  Frames frames = 0;
  std::vector<float> block;

  /// Before the file ends at `end`: that what comes after can be written, too.
  void reserve_until(sf_count_t end) {
    if (completing || replacement.is_device() || trouble != 0) return;
    if (end + reserve > most) trouble = EFBIG;
    if (end + reserve <= allocated) return;
    const auto take = [&](sf_count_t until) {
      const bool taken = fallocate(descriptor, FALLOC_FL_KEEP_SIZE, allocated, until - allocated) == 0;
      if (taken) allocated = until;
      return taken;
    };
    if (take(end + reserve + kAhead) || take(end + reserve)) return;
    if (errno == ENOSPC || errno == EDQUOT)
      trouble = errno;  // what is there already is enough to complete the file
    else
      allocated = SF_COUNT_MAX;  // this file system does not know it
  }

  /// What was taken and is not needed.
  void give_back() {
    struct stat status {};
    const bool sized = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    if (sized && ftruncate(descriptor, status.st_size) != 0 && trouble == 0) trouble = errno;
    // Some file systems tell only when a file is closed that there is no room.
    const int copy = dup(descriptor);
    if (copy >= 0 && ::close(copy) != 0 && errno != EINTR && trouble == 0) trouble = errno;
  }

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
    file->reserve_until(lseek(file->descriptor, 0, SEEK_CUR) + count);
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

SoundWriter::SoundWriter(const std::filesystem::path& path, double rate, unsigned lanes) {
  const int format = format_of(path);
  const std::string reason = refusal(format, rate, lanes);
  if (!reason.empty()) refuse(path, reason);

  file_ = std::make_unique<File>(path);
  file_->reserve = kReserve + 2 * kBlock * static_cast<sf_count_t>(lanes * sizeof(float));
  file_->info = {.frames = 0,
                 .samplerate = static_cast<int>(rate),
                 .channels = static_cast<int>(lanes),
                 .format = format,
                 .sections = 0,
                 .seekable = 0};
  file_->block.resize(static_cast<std::size_t>(kBlock) * lanes);
  SF_VIRTUAL_IO io = disk<File>();
  file_->sound = sf_open_virtual(&io, SFM_WRITE, &file_->info, file_.get());
  if (file_->sound == nullptr) file_->fail_here();
  // It would tell the time.
  sf_command(file_->sound, SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
  sf_command(file_->sound, SFC_SET_CLIPPING, nullptr,
             SF_TRUE);  // in 24 bit, what is too loud must not wrap round
}

SoundWriter::~SoundWriter() {
  try {
    keep();
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

void SoundWriter::complete() {
  if (file_->sound == nullptr) return;
  file_->completing = true;
  sf_write_sync(file_->sound);
  const int error = sf_close(file_->sound);
  file_->sound = nullptr;
  file_->give_back();
  const bool is_ogg = (file_->info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_OGG;
  if (is_ogg && !file_->replacement.is_device()) set_ogg_serial(file_->descriptor);
  if (file_->trouble != 0) file_->fail_here();
  if (error != SF_ERR_NO_ERROR) fail(file_->path, sf_error_number(error));
}

void SoundWriter::close() {
  complete();
  file_->replacement.take_place();
}

std::optional<std::filesystem::path> SoundWriter::keep() {
  const int before = std::exchange(file_->trouble, 0);
  try {
    complete();
  } catch (const std::runtime_error&) {
    if (before == 0) throw;  // else it has been told, and this is as far as the disk takes it
  }
  if (file_->frames == 0) return std::nullopt;
  return file_->replacement.take_any_place();
}

Frames SoundWriter::frames() const { return file_->frames; }

}  // namespace perigee::files
