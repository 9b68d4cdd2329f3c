-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- 250 voices, 1000 nodes, after a save that adds one more node.
voices = {}
for i = 0, 249 do
  local voice = saw(55 * 2 ^ (i / 60)):lowpass(2000, { q = 2 }):gain(-40)
  if i == 100 then voice = voice:highpass(300) end
  voices[i + 1] = voice:pan(i / 124.5 - 1)
end
output("main", sum(voices))
