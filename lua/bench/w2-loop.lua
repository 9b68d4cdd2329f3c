-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- 200 voices of saw, resonant low-pass, gain and pan, each a node of its own. 800 nodes.
voices = {}
for i = 0, 199 do
  voices[i + 1] = saw(55 * 2 ^ (i / 47.3)):lowpass(2000, { q = 2 }):gain(-40):pan(i / 99.5 - 1)
end
output("main", sum(voices))
