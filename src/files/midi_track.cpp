// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/midi_track.h"

#include <array>
#include <bitset>

namespace perigee::files {

namespace {

/// What a file can hold of them: hours of the densest music, and some 200 MB of memory.
constexpr std::size_t kMostMessages = 4'000'000;
constexpr std::uint8_t kStatus = 0x80;  // such a byte begins a message, one below is data
constexpr std::uint8_t kSysEx = 0xf0, kEscape = 0xf7, kMeta = 0xff;
constexpr std::uint8_t kEndOfTrack = 0x2f, kTempo = 0x51;

/// Bytes behind the status of a channel's message.
std::size_t data_bytes(std::uint8_t status) {
  const unsigned kind = status >> 4U;
  return kind == 0xc || kind == 0xd ? 1 : 2;
}

/// A number of one to four bytes, seven bits each.
std::uint32_t number(ByteReader& bytes, std::string_view what) {
  std::uint32_t value = 0;
  const std::size_t start = bytes.place();
  for (int i = 0; i < 4; ++i) {
    const std::uint8_t one = bytes.byte(what);
    value = value << 7U | (one & 0x7fU);
    if (one < kStatus) return value;
  }
  throw Broken(start, fmt::format("{} expected, and a number of more than four bytes found", what));
}

class TrackReader {
 public:
  TrackReader(ByteReader bytes, std::uint32_t number, MidiEvents& into)
      : bytes_(bytes), number_(number), into_(into) {}

  void read() {
    while (!ended_ && bytes_.left() > 0) read_event();
    if (!ended_) remarks.push_back({bytes_.place(), "the track has no end; it is taken to end here"});
    if (bytes_.left() > 0)
      remarks.push_back({bytes_.place(), "what is behind the end of the track is left out"});
    end_notes();
    const MidiEvent end{.at = now_, .place = place_, .track = number_};
    if (end.at >= into_.end.at) into_.end = end;
  }

  std::vector<Remark> remarks;

 private:
  void read_event() {
    now_ += number(bytes_, "a delta time");
    place_ = static_cast<std::uint32_t>(bytes_.place());
    const std::uint8_t first = bytes_.peek("an event");
    if (first < 0xf0) return read_message(first);
    bytes_.byte("an event");
    switch (first) {
      case kMeta:
        return read_meta();
      case kSysEx:
        bytes_.take(number(bytes_, "the length of a SysEx"), "a SysEx");
        return;
      case kEscape:
        return read_escape(bytes_.part(number(bytes_, "the length of an escape"), "an escape"));
      default:
        throw Broken(place_, fmt::format("an event expected, and 0x{:02X} found, which is none", first));
    }
  }

  void read_message(std::uint8_t first) {
    if (first >= kStatus) {
      status_ = first;
      bytes_.byte("a status");
    }
    if (status_ == 0)
      throw Broken(place_,
                   fmt::format("the first message of the track expected, and data found, 0x{:02X}", first));
    std::array<std::uint8_t, 3> all{status_};
    const std::size_t count = data_bytes(status_);
    for (std::size_t i = 1; i <= count; ++i) {
      const std::size_t place = bytes_.place();
      all[i] = bytes_.byte("the data of a message");
      if (all[i] >= kStatus)
        throw Broken(place,
                     fmt::format("the data of a message expected, and a status found, 0x{:02X}", all[i]));
    }
    add(message_of(std::span(all).first(count + 1)));
  }

  void read_meta() {
    const std::uint8_t type = bytes_.byte("the type of a meta event");
    const std::uint32_t length = number(bytes_, "the length of a meta event");
    const std::size_t place = bytes_.place();
    ByteReader content = bytes_.part(length, "a meta event");
    if (type == kEndOfTrack) ended_ = true;
    if (type != kTempo) return;
    if (length != 3) throw Broken(place, fmt::format("a tempo of 3 bytes expected, and {} found", length));
    into_.tempos.push_back({now_, content.big(3, "a tempo")});
  }

  /// Bytes as they are sent: messages, which may be about no channel, or the rest of a SysEx.
  void read_escape(ByteReader bytes) {
    while (bytes.left() > 0) {
      const std::uint8_t status = bytes.peek("");
      const bool place_in_song = status == 0xf2;
      if (status < kStatus || status == kSysEx || status == kEscape) return;
      const std::size_t size = status < 0xf0 ? 1 + data_bytes(status) : place_in_song ? 3 : 1;
      if (bytes.left() < size) return;
      add(message_of(bytes.take(size, "")));
    }
  }

  void add(const std::optional<Message>& message) {
    if (!message) return;
    if (into_.messages.size() == kMostMessages)
      throw Broken(place_, fmt::format("at most {} messages expected, and there are more", kMostMessages));
    into_.messages.push_back({now_, *message, place_, number_});
    if (message->what == Message::What::note_on) held_.set(held_at(*message));
    if (message->what == Message::What::note_off) held_.reset(held_at(*message));
  }

  void end_notes() {
    for (std::size_t i = 0; i < held_.size() && held_.any(); ++i) {
      if (!held_.test(i)) continue;
      add(Message{.what = Message::What::note_off,
                  .channel = static_cast<std::uint8_t>(i / 128),
                  .key = static_cast<float>(i % 128)});
    }
  }

  static std::size_t held_at(const Message& message) {
    return message.channel * std::size_t{128} + static_cast<std::size_t>(message.key);
  }

  ByteReader bytes_;
  std::uint32_t number_;
  MidiEvents& into_;
  Ticks now_ = 0;
  std::uint32_t place_ = 0;  ///< of the event that is read
  std::uint8_t status_ = 0;  ///< of the message before
  bool ended_ = false;
  std::bitset<std::size_t{16} * 128> held_;  ///< keys that are down, by channel
};

}  // namespace

std::vector<Remark> read_track(ByteReader bytes, std::uint32_t number, MidiEvents& into) {
  TrackReader reader(bytes, number, into);
  reader.read();
  return std::move(reader.remarks);
}

}  // namespace perigee::files
