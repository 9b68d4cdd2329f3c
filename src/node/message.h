// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a keyboard, a controller or a loop tells a node, at a frame.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace perigee {

struct Message {
  enum class What : std::uint8_t {
    note_off,
    note_on,
    key_pressure,
    control,
    program,
    pressure,
    bend,
    clock,   ///< a 24th of a quarter note is over
    start,   ///< the clock begins at its first beat
    resume,  ///< it goes on
    stop,
    locate  ///< it goes to a place; while it stands
  };
  What what = What::note_off;
  std::uint8_t channel = 0;  ///< 0 … 15
  std::uint8_t number = 0;   ///< of a controller or program, 0 … 127
  float key = 0;             ///< of a note: 69 is 440 Hz; a loop may play between the keys
  float value = 0;  ///< velocity and pressures 0 … 1; a controller 0 … 127; bend −1 … 1; a place in
                    ///< sixteenths of a whole note
  /// It is not about a channel, but about everybody's clock.
  bool is_of_clock() const noexcept { return what >= What::clock; }
};

/// Controllers that mean something to voices.
inline constexpr std::uint8_t kSustain = 64, kAllSoundOff = 120, kResetControllers = 121, kAllNotesOff = 123;
/// Controllers that name a parameter, and enter its value (MIDI 1.0 Detailed Specification, table III).
inline constexpr std::uint8_t kDataEntry = 6, kDataEntryFine = 38, kNrpnFine = 98, kNrpn = 99, kRpnFine = 100,
                              kRpn = 101;

/// What a MIDI 1.0 message says, of a channel or a clock; nothing if the bytes are no such message, whole. A
/// note-on of velocity 0 is a note-off. (MIDI 1.0 Detailed Specification, tables I, IV and V.) Any thread, no
/// allocation.
std::optional<Message> message_of(std::span<const std::uint8_t> bytes) noexcept;

/// A message of MIDI 1.0 as it is sent.
struct MidiBytes {
  std::array<std::uint8_t, 3> bytes{};
  std::size_t size = 0;
};
/// Keys, velocities and the like are rounded to what MIDI has. Any thread, no allocation.
MidiBytes bytes_of(const Message& message) noexcept;

}  // namespace perigee
