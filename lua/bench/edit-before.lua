-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- 250 voices, 1000 nodes, before a save.
voices = {}
for i = 0, 249 do
  local voice = saw(55 * 2 ^ (i / 60)):lowpass(2000, { q = 2 }):gain(-40)
  voices[i + 1] = voice:pan(i / 124.5 - 1)
end
output("main", sum(voices))
