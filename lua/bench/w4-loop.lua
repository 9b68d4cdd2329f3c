-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- 256 voices of saw, gain and pan, each a node of its own. 768 nodes.
voices = {}
for i = 0, 255 do
  voices[i + 1] = saw(55 * 2 ^ (i / 47.3)):gain(-48):pan(i / 127.5 - 1)
end
output("main", sum(voices))
