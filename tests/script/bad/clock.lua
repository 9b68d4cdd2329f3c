--! 10: clock: there is no "jak": did you mean jack?
--! 11: clock: there is no "metronome"; "internal" or "jack"
--! 12: clock takes "internal" or "jack", not a number
--! 13: clock has no option leed: did you mean lead?
--! 14: clock: lead is true or false, not a number
--! 15: clock: beats_per_bar 0 is not between 1 and 64
--! 16: clock: "internal" has no options
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
clock("jak")
clock("metronome")
clock(3)
clock("jack", { leed = true })
clock("jack", { lead = 1 })
clock("jack", { lead = true, beats_per_bar = 0 })
clock("internal", { lead = true })
output("main", sine(440))
