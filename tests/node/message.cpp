// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "node/message.h"

using namespace perigee;

namespace {

std::optional<Message> read(std::vector<std::uint8_t> bytes) { return message_of(bytes); }

}  // namespace

TEST_CASE("channel messages are read") {
  using What = Message::What;
  auto message = read({0x93, 60, 127});
  REQUIRE(message.has_value());
  CHECK(
      (message->what == What::note_on && message->channel == 3 && message->key == 60 && message->value == 1));
  message = read({0x80, 61, 64});
  CHECK((message->what == What::note_off && message->key == 61 && message->value == 64 / 127.F));
  CHECK(read({0x90, 60, 0})->what == What::note_off);
  message = read({0xa0, 60, 127});
  CHECK((message->what == What::key_pressure && message->key == 60 && message->value == 1));
  message = read({0xbf, 74, 100});
  CHECK((message->what == What::control && message->channel == 15 && message->number == 74 &&
         message->value == 100));
  message = read({0xc0, 5});
  CHECK((message->what == What::program && message->number == 5));
  message = read({0xd0, 127});
  CHECK((message->what == What::pressure && message->value == 1));
  CHECK(read({0xe0, 0, 0})->value == -1);
  CHECK(read({0xe0, 0, 64})->value == 0);
  CHECK(read({0xe0, 127, 127})->value == 1);
}

TEST_CASE("messages of a clock are read, and written") {
  using What = Message::What;
  const std::pair<std::vector<std::uint8_t>, What> all[] = {
      {{0xf8}, What::clock}, {{0xfa}, What::start},        {{0xfb}, What::resume},
      {{0xfc}, What::stop},  {{0xf2, 5, 2}, What::locate}, {{0xf2, 127, 127}, What::locate},
  };
  for (const auto& [bytes, what] : all) {
    const auto message = message_of(bytes);
    REQUIRE(message.has_value());
    CHECK(message->what == what);
    CHECK(message->is_of_clock());
    const MidiBytes back = bytes_of(*message);
    CHECK(std::vector<std::uint8_t>(back.bytes.begin(), back.bytes.begin() + back.size) == bytes);
  }
  CHECK(read({0xf2, 5, 2})->value == 2 * 128 + 5);
  CHECK_FALSE(read({0xe0, 0, 64})->is_of_clock());
}

TEST_CASE("whatever else the bytes are, they are no message") {
  for (const auto& bytes : std::vector<std::vector<std::uint8_t>>{{},
                                                                  {0x90},
                                                                  {0x90, 60},
                                                                  {0x90, 60, 1, 1},
                                                                  {0x90, 0x80, 1},
                                                                  {0x90, 1, 0x80},
                                                                  {0xc0, 1, 1},
                                                                  {0xf8, 0},
                                                                  {0xf2, 1},
                                                                  {0xf2, 1, 0x80},
                                                                  {0xf0, 1, 0xf7},
                                                                  {0xf9},
                                                                  {0xfe},
                                                                  {0xff},
                                                                  {60, 1, 2}})
    CHECK_FALSE(message_of(bytes).has_value());
}

TEST_CASE("a million random bytes: what is read is within its range") {
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  int read_so_far = 0;
  for (int i = 0; i < 600000; ++i) {
    std::vector<std::uint8_t> bytes(random() % 5);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : random() % 128);
    if (!bytes.empty() && random() % 2 == 0) bytes[0] |= 0x80;
    const auto message = message_of(bytes);
    if (!message) continue;
    ++read_so_far;
    const bool controls = message->what == Message::What::control;
    const bool locates = message->what == Message::What::locate;
    CHECK((message->channel < 16 && message->number < 128 && message->key >= 0 && message->key < 128));
    CHECK((message->value >= -1 && message->value <= (locates ? 16383 : controls ? 127 : 1)));
  }
  CHECK(read_so_far > 1000);
}
