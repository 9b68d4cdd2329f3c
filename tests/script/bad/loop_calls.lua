--! 7: loop takes beats, not a text
--! 8: loop: 0 beats are not between 1/256 and 65536
--! 9: loop takes a function after its beats, not nil
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
bass = voices(1, function(v) return v.gate end)
loop("a", print)
loop(0, print)
riff = loop(4, nil)
