// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/midi_file.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "files/byte_reader.h"
#include "files/fail.h"
#include "files/midi_track.h"
#include "files/plain_file.h"
#include "files/tempo_map.h"

namespace perigee::files {

namespace {

constexpr std::uint64_t kLargest = std::uint64_t{64} << 20U;  // bytes
constexpr std::size_t kMostRemarks = 8;

std::string_view name_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct Header {
  std::uint32_t tracks = 0;
  TickLength length;
};

TickLength tick_length(std::size_t place, std::uint32_t division) {
  const std::uint32_t rate = 256 - (division >> 8U), parts = division & 0xffU;
  if (division == 0) throw Broken(place, "ticks of a quarter note expected, and 0 found");
  if (division < 0x8000) return {.a_quarter = static_cast<double>(division)};
  if ((rate != 24 && rate != 25 && rate != 29 && rate != 30) || parts == 0)
    throw Broken(place,
                 fmt::format("24, 25, 29 or 30 frames a second and their parts expected, and {} of {} found",
                             rate, parts));
  return {.a_quarter = 0, .a_second = parts * (rate == 29 ? 30000.0 / 1001 : rate)};
}

Header read_header(ByteReader& bytes) {
  const std::size_t start = bytes.place();
  if (name_of(bytes.take(4, "the beginning of a Standard MIDI File, MThd,")) != "MThd")
    throw Broken(start, "the beginning of a Standard MIDI File, MThd, expected, and something else found");
  const std::uint32_t length = bytes.big(4, "the length of the header");
  if (length < 6) throw Broken(start + 4, fmt::format("a header of 6 bytes expected, and {} found", length));
  ByteReader header = bytes.part(length, "the header");
  const std::uint32_t format = header.big(2, "the format");
  if (format == 2)
    throw Broken(
        start + 8,
        "format 0 or 1 expected, and 2 found: songs of their own, of which one is to be saved as 0 or 1");
  if (format > 2) throw Broken(start + 8, fmt::format("format 0 or 1 expected, and {} found", format));
  const std::uint32_t tracks = header.big(2, "the number of tracks");
  if (tracks == 0) throw Broken(start + 10, "a track expected, and the header says that there is none");
  return {tracks, tick_length(start + 12, header.big(2, "the ticks of a quarter note"))};
}

/// What is in the wrapper that Windows knows, RIFF, or all.
ByteReader unwrapped(std::span<const std::uint8_t> all) {
  if (all.size() < 12 || name_of(all.first(4)) != "RIFF") return ByteReader(all);
  ByteReader bytes(all);
  bytes.take(8, "RIFF");  // its length is not needed
  if (name_of(bytes.take(4, "RMID")) != "RMID") throw Broken(8, "RMID expected, and something else found");
  while (true) {
    const bool is_song = name_of(bytes.take(4, "a song (data)")) == "data";
    const std::uint32_t length = bytes.little("a length");
    const ByteReader part = bytes.part(length, "a part of RIFF");
    if (is_song) return part;
    if (length % 2 == 1) bytes.byte("an even length");
  }
}

class SongReader {
 public:
  SongReader(const std::filesystem::path& path, double rate) : path_(path), rate_(rate) {}

  MidiFile read(std::span<const std::uint8_t> all) {
    try {
      ByteReader bytes = unwrapped(all);
      const Header header = read_header(bytes);
      read_tracks(bytes, header.tracks);
      track_ = 0;
      time(TempoMap(header.length, std::move(events_.tempos)));
      return std::move(file_);
    } catch (const Broken& broken) {
      fail(path_, at(broken.at, broken.what()));
    }
  }

 private:
  std::string at(std::size_t place, std::string_view text) const {
    return track_ > 0 ? fmt::format("track {}, byte {}: {}", track_, place, text)
                      : fmt::format("byte {}: {}", place, text);
  }

  void remark(const Remark& remark) {
    if (file_.remarks.size() > kMostRemarks) return;
    file_.remarks.push_back(file_.remarks.size() == kMostRemarks
                                ? fmt::format("{}: and more of the kind", path_.string())
                                : fmt::format("{}: {}", path_.string(), at(remark.place, remark.text)));
  }

  /// Chunks of other names are others' business.
  void read_tracks(ByteReader& bytes, std::uint32_t said) {
    std::uint32_t found = 0;
    while (true) {
      track_ = found + 1;
      if (found >= said && bytes.left() < 8) return;
      const std::size_t place = bytes.place();
      const bool is_track = name_of(bytes.take(4, fmt::format("track {} of {}", track_, said))) == "MTrk";
      const std::uint32_t length = bytes.big(4, "its length");
      if (found >= said && length > bytes.left() && !is_track) return;  // padding
      if (found == said && is_track)
        remark({place, "there are more tracks than the header says; they are played, too"});
      ByteReader part = bytes.part(length, is_track ? "a track" : "a chunk");
      if (!is_track) continue;
      ++found;
      for (const Remark& one : read_track(part, track_, events_)) remark(one);
    }
  }

  /// Ticks become frames.
  void time(TempoMap map) {
    auto& messages = events_.messages;
    std::ranges::stable_sort(messages, {}, &MidiEvent::at);
    lift_pedals();
    file_.messages.reserve(messages.size());
    for (const MidiEvent& event : messages) {
      const double seconds = map.seconds(event.at);
      if (!(seconds <= kLongestMidi)) {
        track_ = event.track;
        throw Broken(event.place,
                     fmt::format("an event within {:.0f} s expected, and this one is at {:.6g} s",
                                 kLongestMidi, seconds));
      }
      file_.messages.push_back({static_cast<Frames>(std::floor(seconds * rate_ + 0.5)), event.message});
    }
  }

  /// Notes that a pedal holds would sound for ever.
  void lift_pedals() {
    std::array<bool, 16> down{};
    for (const MidiEvent& event : events_.messages) {
      const Message& message = event.message;
      if (message.what != Message::What::control) continue;
      if (message.number == kSustain) down[message.channel] = message.value >= 64;
      if (message.number >= kAllSoundOff && message.number != 122) down[message.channel] = false;
    }
    for (std::size_t channel = 0; channel < down.size(); ++channel) {
      if (!down[channel]) continue;
      MidiEvent& lifted = events_.messages.emplace_back(events_.end);
      lifted.message = {
          .what = Message::What::control, .channel = static_cast<std::uint8_t>(channel), .number = kSustain};
    }
  }

  const std::filesystem::path& path_;
  double rate_;
  MidiEvents events_;
  MidiFile file_;
  std::uint32_t track_ = 0;  ///< that is read
};

}  // namespace

MidiFile read_midi(const std::filesystem::path& path, double rate) {
  std::string bytes;
  try {
    bytes = read_all(path, kLargest);
  } catch (const Missing&) {
    fail(path, "no such file");
  } catch (const Unreadable& reason) {
    fail(path, reason.what());
  }
  return SongReader(path, rate).read({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace perigee::files
