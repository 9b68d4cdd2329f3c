// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>

#include "engine/instance.h"
#include "node/message.h"

namespace perigee {

inline constexpr std::size_t kMostReadings = 8;

struct MidiBinding;

/// What the audio thread tells the control thread.
struct Report {
  enum class What : std::uint8_t {
    fault,      ///< the node made NaN or infinity, or a port too loud; was silenced and reset
    reading,    ///< what a meter shows
    unheard,    ///< so many messages were lost: more wait for their frames than there is room for
    heard,      ///< a message came at a MIDI port that somebody asks about, `count` frames into its period
    began,      ///< a program was taken: the one of that number
    took,       ///< so many events were taken from the queue
    let_go,     ///< Engine::let_go, so many frames into the period
    broke_off,  ///< Engine::break_off, likewise
  };
  What what = What::fault;
  const Instance* from = nullptr;
  Frames time = 0;  ///< engine time
  std::array<float, kMostReadings> readings{};
  unsigned count = 0;  ///< unheard, heard, began, took, let_go, broke_off
  float level = 0;     ///< fault: of a sample at `port`, where 1 is full scale; 0: NaN or infinity
  const Instance* port = nullptr;   ///< fault: the output that was too loud
  const MidiBinding* at = nullptr;  ///< heard; it lives as long as `from`
  Message message = {};             ///< heard
  std::uint32_t era = 0;  ///< heard: it let go what waited in this era, or 0; let_go, broke_off: of it
};

}  // namespace perigee
