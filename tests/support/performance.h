// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plays a patch from frame 0 as rendering does: with what its loops play, and messages at its MIDI ports.

#pragma once

#include <vector>

#include "control/load.h"
#include "drivers/offline.h"
#include "files/midi_file.h"
#include "support/rig.h"

namespace perigee::test {

struct Performance {
  Sound out;                      ///< the channels of the outputs
  std::vector<Mistake> mistakes;  ///< of loops
  unsigned faults = 0;            ///< reports that are no readings
  unsigned dropped = 0;           ///< callbacks for which there was no room
  std::vector<Errand> errands = {};
  std::vector<Frames> asked = {};              ///< by errand: the end of the period in which it was due
  std::vector<files::TimedMessage> said = {};  ///< at all MIDI outputs
};

/// `midi` goes to all MIDI ports of the patch, which is without mistakes.
Performance perform(LoadedPatch patch, const Sound& in, Frames frames, const Periods& periods = {},
                    const std::vector<files::TimedMessage>& midi = {});

}  // namespace perigee::test
