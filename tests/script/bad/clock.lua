--! 13: clock: there is no "jak": did you mean jack?
--! 14: clock: there is no "metronome"; "internal", "jack" or a MIDI port
--! 15: clock takes "internal", "jack" or a MIDI port, as in clock(midi("in")), not a number
--! 16: clock has no option leed: did you mean lead?
--! 17: clock: lead is true or false, not a number
--! 18: clock: beats_per_bar 0 is not between 1 and 64
--! 19: clock: "internal" has no options
--! 20: clock: a MIDI port has no options
--! 21: clock takes "internal", "jack" or a MIDI port, as in clock(midi("in")), not a table
--! 22: clock takes "internal", "jack" or a MIDI port, as in clock(midi("in")), not a table
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
clock("jak")
clock("metronome")
clock(3)
clock("jack", { leed = true })
clock("jack", { lead = 1 })
clock("jack", { lead = true, beats_per_bar = 0 })
clock("internal", { lead = true })
clock(midi("in"), { lead = true })
clock({ name = "in2" })
clock(midi_out("out"))
output("main", sine(440))
