// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files that are none, and numbers that are none.

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/command.h"
#include "support/midi_bytes.h"
#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

namespace {

std::string little(std::uint64_t number, int count) {
  const std::string bytes = big(number, count);
  return {bytes.rbegin(), bytes.rend()};
}

/// A WAV of 16 bits, a tenth of which is heard.
std::string wav(std::uint32_t rate, std::uint32_t channels, std::uint32_t frames) {
  std::string data;
  for (std::uint32_t i = 0; i < frames * channels; ++i) data += little(i % 7 * 1000, 2);
  return "RIFF" + little(36 + data.size(), 4) + "WAVEfmt " + little(16, 4) + little(1, 2) +
         little(channels, 2) + little(rate, 4) + little(std::uint64_t{rate} * channels * 2, 4) +
         little(std::uint64_t{channels} * 2, 2) + little(16, 2) + "data" + little(data.size(), 4) + data;
}

struct Case {
  std::vector<std::string> arguments;
  int code;
  std::string words;
};

void check_each(const TemporaryFolder& folder, const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    CAPTURE(one.words);
    const Ended ended = run_perigee(one.arguments, folder.path().string());
    CAPTURE(ended.text);
    CHECK(ended.code == one.code);
    CHECK(ended.text.find(one.words) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("every command that reads a file tells at once what is none") {
  const TemporaryFolder folder;
  std::ofstream(folder / "tone.lua") << "output('main', sine(440) + input('in')) midi('keys')";
  std::ofstream(folder / "needs.lua") << "require 'pipe'";
  std::ofstream(folder / "plays.lua") << "output('main', player('pipe'))";
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  REQUIRE(mkfifo((folder / "pipe.lua").c_str(), 0600) == 0);
  check_each(folder,
             {
                 {{"check", "pipe"}, 1, "pipe: it is a pipe, not a plain file"},
                 {{"check", "/dev/zero"}, 1, "/dev/zero: it is a device, not a plain file"},
                 {{"check", "tone.lua", "--against", "pipe"}, 1, "pipe: it is a pipe"},
                 {{"check", "needs.lua"}, 1, "pipe.lua: it is a pipe, not a plain file"},
                 {{"check", "plays.lua"}, 1, "pipe: is a pipe, not a plain file"},
                 {{"graph", "pipe"}, 1, "pipe: it is a pipe"},
                 {{"run", "--driver", "dummy", "pipe"}, 1, "pipe: it is a pipe"},
                 {{"send", "pipe"}, 1, "pipe: it is a pipe"},
                 {{"send", "pipe:1-2"}, 1, "pipe: it is a pipe"},
                 {{"send", "/dev/zero"}, 1, "/dev/zero: it is a device"},
                 {{"send", "/proc/self/maps"}, 1, "made up by the kernel"},
                 {{"send", "."}, 1, ".: it is a folder"},
                 {{"render", "pipe", "-o", "o.wav"}, 1, "pipe: it is a pipe"},
                 {{"render", "tone.lua", "-o", "o.wav", "-i", "pipe"}, 1, "pipe: is a pipe"},
                 {{"render", "tone.lua", "-o", "o.wav", "-m", "pipe"}, 1, "pipe: is a pipe"},
                 {{"render", "tone.lua", "-o", "o.wav", "-m", "/dev/zero"}, 1, "/dev/zero: is a device"},
                 {{"render", "--log", "pipe", "-o", "o.wav"}, 1, "pipe: is a pipe"},
                 {{"render", "--log", ".", "-o", "o.wav"}, 1, ".: is a folder"},
             });
}

TEST_CASE("a number on the command line is decimal, finite and in range, or told with its option") {
  const TemporaryFolder folder;
  std::ofstream(folder / "tone.lua") << "output('main', sine(440))";
  const std::vector<std::vector<std::string>> commands = {{"render", "tone.lua", "-o", "o.wav", "-r"},
                                                          {"render", "tone.lua", "-o", "o.wav", "-d"},
                                                          {"run", "tone.lua", "--driver", "dummy", "-r"},
                                                          {"run", "tone.lua", "--driver", "dummy", "-p"},
                                                          {"run", "tone.lua", "--driver", "dummy", "--ahead"},
                                                          {"check", "tone.lua", "-r"},
                                                          {"graph", "tone.lua", "-r"},
                                                          {"bench", "-d"},
                                                          {"bench", "-p"},
                                                          {"bench", "--runs"},
                                                          {"render", "tone.lua", "-o", "o.wav", "-p"},
                                                          {"render", "tone.lua", "-o", "o.wav", "--threads"}};
  for (const auto& command : commands)
    for (const std::string number : {"nan", "inf", "0x10", "1e400", "48000x", "99999999999999999999", ""}) {
      auto arguments = command;
      arguments.push_back(number);
      CAPTURE(command.back());
      CAPTURE(number);
      const Ended ended = run_perigee(arguments, folder.path().string());
      CAPTURE(ended.text);
      CHECK(ended.code == 2);
    }
}

TEST_CASE("what a sound file's header says goes into no library that does not take it") {
  const TemporaryFolder folder;
  std::ofstream(folder / "one.lua") << "output('main', input('in'))";
  std::ofstream(folder / "wide.lua") << "output('main', input('in', 65))";
  for (const std::uint32_t rate : {1U, 16U, 20U, 3000000U})
    std::ofstream(folder / std::to_string(rate).append(".wav"), std::ios::binary) << wav(rate, 1, 1000);
  std::ofstream(folder / "wide.wav", std::ios::binary) << wav(48000, 65, 1000);
  check_each(
      folder,
      {
          {{"render", "one.lua", "-o", "o.wav", "-i", "1.wav"}, 1, "1.wav: its rate, 1 Hz, is not from"},
          {{"render", "one.lua", "-o", "o.wav", "-i", "16.wav"}, 1, "16.wav: its rate, 16 Hz"},
          {{"render", "one.lua", "-o", "o.wav", "-i", "3000000.wav"}, 1, "3000000.wav: its rate"},
          {{"render", "one.lua", "-o", "o.wav", "-r", "48000", "-i", "1.wav"},
           1,
           "1.wav: its rate, 1 Hz, is too far"},
          {{"render", "one.lua", "-o", "o.wav", "-r", "1000", "-i", "3000000.wav"},
           1,
           "too far from 1000 Hz"},
          {{"render", "one.lua", "-o", "o.wav", "-r", "1000", "-i", "20.wav"},
           0,
           "loudness not measured: 1000 Hz"},
          {{"render", "wide.lua", "-o", "o.wav", "-i", "wide.wav"}, 0, "loudness not measured: 65 lanes"},
      });
}
