-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- What is saved over the 200 voices while they play: 125 more, 500 nodes.
voices = {}
for i = 0, 324 do
  voices[i + 1] = saw(55 * 2 ^ (i / 47.3)):lowpass(2000, { q = 2 }):gain(-40):pan((i % 200) / 99.5 - 1)
end
output("main", sum(voices))
