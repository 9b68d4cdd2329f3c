-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- So many nodes in short chains of sine, gain and low-pass, all in one sum.
voices = {}
for i = 1, nodes / 3 do voices[i] = sine(i % 1000):gain(-60):lowpass(2000 + i % 5000) end
output("main", sum(voices))
