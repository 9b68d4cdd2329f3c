-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Eight voices, played by a keyboard at the JACK MIDI port "keys"; the knobs 74 and 71 turn cutoff and resonance.
-- perigee render poly.lua -m song.mid -o poly.wav plays a MIDI file.

keys   = midi("keys")
cutoff = param{ 1200, 80, 12000, curve = "exp", cc = keys:cc(74) }
reso   = param{ 0.7, 0.5, 12, curve = "exp", cc = keys:cc(71) }
lead = voices(8, keys, function(v)               -- runs once: describes one voice
  local env = v.gate:adsr(ms(5), ms(200), 0.6, ms(400))
  local osc = saw(v.hz) + saw(v.hz * 1.006)
  return osc:lowpass(cutoff * (1 + env * 3), { q = reso }) * env * v.velocity
end)
output("main", (lead * db(-12)):pan(0):limiter(-1))
