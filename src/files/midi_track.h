// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The events of one track of a Standard MIDI File, in ticks.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "files/byte_reader.h"
#include "files/tempo_map.h"
#include "node/message.h"

namespace perigee::files {

struct MidiEvent {
  Ticks at = 0;  ///< from the start of the file
  Message message;
  std::uint32_t place = 0;  ///< byte of the file
  std::uint32_t track = 0;  ///< from 1
};

/// What tracks come to, one behind the other.
struct MidiEvents {
  std::vector<MidiEvent> messages;  ///< each track's in their order
  std::vector<TempoChange> tempos;
  MidiEvent end;  ///< of the track that ends last
};

/// Something that is not as it should be, though what is meant is clear.
struct Remark {
  std::size_t place;  ///< byte of the file
  std::string_view text;
};

/// Adds the events of a track. Messages take the status of the one before them where they have none, whatever
/// stands between; a note that never ends is ended with the track. Throws Broken.
std::vector<Remark> read_track(ByteReader bytes, std::uint32_t number, MidiEvents& into);

}  // namespace perigee::files
