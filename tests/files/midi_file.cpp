// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/midi_file.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>

#include "support/midi_bytes.h"
#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

namespace {

struct Song {
  std::vector<std::string> messages;  ///< "frame what key or number value"
  std::vector<std::string> remarks;
  std::string mistake;
};

Song read(const std::string& bytes, double rate = 1000) {
  const TemporaryFolder folder;
  const auto path = folder / "song.mid";
  std::ofstream(path, std::ios::binary) << bytes;
  Song song;
  try {
    const files::MidiFile file = files::read_midi(path, rate);
    for (const auto& [time, message] : file.messages) {
      constexpr std::array kNames = {"off", "on", "key", "cc", "program", "pressure", "bend", "clock"};
      song.messages.push_back(
          fmt::format("{} {} {} {:.3g}", time, kNames.at(static_cast<std::size_t>(message.what)),
                      message.what < Message::What::control ? static_cast<int>(message.key) : message.number,
                      message.value));
    }
    for (const std::string& remark : file.remarks)
      song.remarks.push_back(remark.substr(path.string().size() + 2));
  } catch (const std::runtime_error& error) {
    const std::string text = error.what();
    REQUIRE(text.starts_with(path.string() + ": "));
    song.mistake = text.substr(path.string().size() + 2);
  }
  return song;
}

/// One track of 100 ticks a quarter note, half a second long unless it says otherwise.
std::string song_of(const std::string& events) { return midi_header(0, 1, 100) + chunk("MTrk", events); }

const std::string kNote = bytes_of({0, 0x90, 60, 127, 100, 0x80, 60, 0});

}  // namespace

TEST_CASE("times follow the tempo, which any track may change, to the frame") {
  // 100 ticks a quarter note: 5 ms a tick; 10 from tick 100 on, 2.5 from 200 on.
  const auto song = read(
      midi_header(1, 2, 100) +
      chunk("MTrk", tempo_event(100, 1000000) + tempo_event(100, 250000) + end_of_track()) +
      chunk("MTrk", bytes_of({50, 0x90, 60, 127, 100, 60, 0, 100, 61, 127, 10, 61, 0}) + end_of_track()));
  CHECK(song.messages ==
        std::vector<std::string>{"250 on 60 1", "1000 off 60 0", "1625 on 61 1", "1650 off 61 0"});
  CHECK(song.remarks.empty());
}

TEST_CASE("of several tempos at one tick the last holds, and one in another track too") {
  const auto song = read(midi_header(1, 2, 100) + chunk("MTrk", kNote + end_of_track()) +
                         chunk("MTrk", tempo_event(0, 1) + tempo_event(0, 1000000) + end_of_track()));
  CHECK(song.messages == std::vector<std::string>{"0 on 60 1", "1000 off 60 0"});
}

TEST_CASE("what comes at one tick keeps the order of its tracks") {
  const auto track = [](int key) {
    return chunk("MTrk", bytes_of({10, 0x90, key, 127, 0, key, 0}) + end_of_track());
  };
  const auto song = read(midi_header(1, 3, 100) + track(3) + track(1) + track(2));
  CHECK(song.messages == std::vector<std::string>{"50 on 3 1", "50 off 3 0", "50 on 1 1", "50 off 1 0",
                                                  "50 on 2 1", "50 off 2 0"});
}

TEST_CASE("SMPTE time: parts of a second, whatever the tempo") {
  const auto song_at = [](int rate, int parts) {
    return read(midi_header(0, 1, static_cast<unsigned>((256 - rate) << 8 | parts)) +
                chunk("MTrk", tempo_event(0, 1) + kNote + end_of_track()))
        .messages;
  };
  CHECK(song_at(25, 40).at(1) == "100 off 60 0");
  CHECK(song_at(24, 10).at(1) == "417 off 60 0");
  CHECK(song_at(30, 1).at(1) == "3333 off 60 0");
  CHECK(song_at(29, 1).at(1) == "3337 off 60 0");  // 29.97
}

TEST_CASE("messages take the status of the one before, also over meta events and SysEx") {
  const auto song = read(song_of(bytes_of({0, 0x90, 60,   127, 0, 0xff, 1, 2,  'h', 'i', 20, 60,
                                           0, 0,    0xf0, 2,   1, 0xf7, 0, 61, 127, 20,  61, 0}) +
                                 end_of_track()));
  CHECK(song.messages ==
        std::vector<std::string>{"0 on 60 1", "100 off 60 0", "100 on 61 1", "200 off 61 0"});
  CHECK(song.mistake == "");
}

TEST_CASE("a SysEx may come in parts, be long, and be escaped; escaped messages are played") {
  const auto song =
      read(song_of(bytes_of({0, 0xf0, 3, 0x43, 0x12, 0x00, 10, 0xf7, 2, 0x43, 0x12, 10, 0xf7, 2, 1, 0xf7}) +
                   "\n\xf0" + variable(300) + std::string(300, '\x11') +
                   bytes_of({10, 0xf7, 7, 0x90, 60, 127, 0xf8, 0x80, 60, 0}) + end_of_track()));
  CHECK(song.messages == std::vector<std::string>{"200 on 60 1", "200 clock 0 0", "200 off 60 0"});
}

TEST_CASE("headers may be longer, chunks of others are passed over, and so is the wrapper RIFF") {
  const std::string track = chunk("MTrk", kNote + end_of_track());
  const std::vector<std::string> wanted = {"0 on 60 1", "500 off 60 0"};
  CHECK(read(chunk("MThd", big(0, 2) + big(1, 2) + big(100, 2) + "more") + chunk("XFIH", "abc") + track +
             chunk("XFKM", "defg") + std::string(5, '\0'))
            .messages == wanted);
  const auto little = [](std::size_t size) {
    const std::string bytes = big(size, 4);
    return std::string(bytes.rbegin(), bytes.rend());
  };
  const std::string song = midi_header(0, 1, 100) + track;
  const std::string parts =
      "RMIDDISP" + little(3) + "abc" + std::string(1, '\0') + "data" + little(song.size()) + song;
  CHECK(read("RIFF" + little(parts.size()) + parts).messages == wanted);
}

TEST_CASE("what is held at the end of a track is let go there") {
  CHECK(read(song_of(bytes_of({0, 0x90, 60, 127, 0, 61, 127, 10, 61, 0}) + end_of_track(90))).messages ==
        std::vector<std::string>{"0 on 60 1", "0 on 61 1", "50 off 61 0", "500 off 60 0"});
  // A pedal holds for all tracks.
  CHECK(read(midi_header(1, 2, 100) + chunk("MTrk", bytes_of({0, 0xb0, 64, 127}) + end_of_track()) +
             chunk("MTrk", kNote + end_of_track(100)))
            .messages ==
        std::vector<std::string>{"0 cc 64 127", "0 on 60 1", "500 off 60 0", "1000 cc 64 0"});
}

TEST_CASE("what is missing or too much, though all can be played, is told") {
  const auto no_end = read(midi_header(0, 1, 100) + chunk("MTrk", bytes_of({0, 0x90, 60, 127})));
  CHECK(no_end.messages.size() == 2);
  CHECK(no_end.remarks ==
        std::vector<std::string>{"track 1, byte 26: the track has no end; it is taken to end here"});
  const auto behind = read(song_of(kNote + end_of_track() + kNote));
  CHECK(behind.messages.size() == 2);
  CHECK(behind.remarks ==
        std::vector<std::string>{"track 1, byte 34: what is behind the end of the track is left out"});
  const auto more = read(song_of(kNote + end_of_track()) + chunk("MTrk", kNote + end_of_track()));
  CHECK(more.messages.size() == 4);
  CHECK(more.remarks.size() == 1);
  std::string many = midi_header(1, 1000, 100);
  for (int i = 0; i < 1000; ++i) many += chunk("MTrk", "");
  CHECK(read(many).remarks.size() == 9);
}

TEST_CASE("what is none, or damaged, is refused with the place and what was expected there") {
  const auto mistake = [](const std::string& bytes) { return read(bytes).mistake; };
  const auto in_track = [&](const std::vector<int>& events) { return mistake(song_of(bytes_of(events))); };
  CHECK(mistake("") ==
        "byte 0: the beginning of a Standard MIDI File, MThd, of 4 bytes expected, and here it ends");
  CHECK(mistake("MThx").starts_with("byte 0: the beginning of a Standard MIDI File, MThd, expected"));
  CHECK(mistake(bytes_of({'M', 'T', 'r', 'k', 0, 0, 0, 4, 0, 0xf7, 1, 2, 0, 0, 0, 0, 0, 0}))
            .starts_with("byte 0: "));
  CHECK(mistake(chunk("MThd", "\0")).starts_with("byte 4: a header of 6 bytes expected, and "));
  CHECK(mistake(midi_header(2, 1, 100))
            .starts_with("byte 8: format 0 or 1 expected, and 2 found: songs of their own"));
  CHECK(mistake(midi_header(3, 1, 100)) == "byte 8: format 0 or 1 expected, and 3 found");
  CHECK(mistake(midi_header(0, 1, 0)) == "byte 12: ticks of a quarter note expected, and 0 found");
  CHECK(mistake(midi_header(0, 1, 0xe700)).starts_with("byte 12: 24, 25, 29 or 30 frames a second"));
  CHECK(mistake(midi_header(0, 1, 0x8001)).starts_with("byte 12: 24, 25, 29 or 30 frames a second"));
  CHECK(mistake(midi_header(0, 0, 100)).starts_with("byte 10: a track expected"));
  CHECK(mistake(midi_header(1, 2, 100) + chunk("MTrk", end_of_track())) ==
        "track 2, byte 26: track 2 of 2 of 4 bytes expected, and here it ends");
  CHECK(mistake(midi_header(0, 1, 100) + "MTrk" + big(0xffffffff, 4) + kNote) ==
        "track 1, byte 22: a track of 4294967295 bytes expected, and only 8 are left");
  CHECK(in_track({0, 60, 127})
            .starts_with("track 1, byte 23: the first message of the track expected, and data"));
  CHECK(in_track({0, 0x90, 60, 0x90}) ==
        "track 1, byte 25: the data of a message expected, and a status found, 0x90");
  CHECK(in_track({0, 0x90, 60}) ==
        "track 1, byte 25: the data of a message of 1 byte expected, and here it ends");
  CHECK(in_track({0, 0xf1, 0}) == "track 1, byte 23: an event expected, and 0xF1 found, which is none");
  CHECK(in_track({0, 0xff, 0x51, 1, 7}) == "track 1, byte 26: a tempo of 3 bytes expected, and 1 found");
  CHECK(in_track({0, 0xff, 0x51, 3, 7}) ==
        "track 1, byte 26: a meta event of 3 bytes expected, and only 1 is left");
  CHECK(in_track({0, 0xf0, 0x8f, 0xff, 0xff, 0x7f, 1})
            .starts_with("track 1, byte 28: a SysEx of 33554431 bytes"));
  CHECK(in_track({0xff, 0xff, 0xff, 0xff, 0})
            .starts_with("track 1, byte 22: a delta time expected, and a number"));
  CHECK(in_track({0xff, 0xff})
            .starts_with("track 1, byte 24: a delta time of 1 byte expected, and here it ends"));
}

TEST_CASE("wherever a file is cut off, it is refused, but where only the end of a track is missing") {
  const std::string whole = midi_header(1, 2, 100) + chunk("MTrk", tempo_event(0, 500000) + end_of_track()) +
                            chunk("MTrk", kNote + end_of_track());
  REQUIRE(read(whole).mistake.empty());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const auto song = read(whole.substr(0, size));
    CHECK(song.messages.empty());
    CHECK(song.mistake.find("expected") != std::string::npos);
  }
}

TEST_CASE("times of any delta and tempo are finite and in order; what lasts for years is refused") {
  const std::uint32_t longest = 0x0fffffff;
  const auto far = [&](unsigned division, std::uint32_t tempo, std::size_t count) {
    std::string events = tempo_event(0, tempo);
    for (std::size_t i = 0; i < count; ++i) events += variable(longest) + bytes_of({0xb0, 1, 1});
    return read(midi_header(0, 1, division) + chunk("MTrk", events + end_of_track(longest)), 768000);
  };
  CHECK(far(100, 0, 3).messages == std::vector<std::string>(3, "0 cc 1 1"));
  CHECK(far(32767, 0xffffff, 1).messages == std::vector<std::string>{"105556330905 cc 1 1"});
  CHECK(far(1, 0xffffff, 100000).mistake ==
        "track 1, byte 33: an event within 1000000 s expected, and this one is at 4.5036e+09 s");
  // Where nothing is played there is nothing to wait for.
  CHECK(read(song_of(kNote + end_of_track(longest))).messages.size() == 2);
}

TEST_CASE("files of many tracks and many messages take no more time than their bytes") {
  std::string many = midi_header(1, 65535, 100);
  for (int i = 0; i < 65535; ++i) many += chunk("MTrk", kNote + end_of_track());
  CHECK(read(many).messages.size() == std::size_t{2} * 65535);
  std::string dense, tempos;
  for (int i = 0; i < 300000; ++i) dense += bytes_of({0, 0x90, i % 128, i / 7 % 128});
  for (int i = 0; i < 100000; ++i) tempos += tempo_event(1, static_cast<std::uint32_t>(i));
  CHECK(read(midi_header(1, 2, 100) + chunk("MTrk", dense + end_of_track()) +
             chunk("MTrk", tempos + end_of_track()))
            .messages.size() > 300000);
}
