-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- One sine through 1000 low-passes side by side, each a node of its own.
tone = sine(440)
bands = {}
for i = 1, 1000 do bands[i] = tone:lowpass(2000 + 10 * i) end
total = sum(bands) * db(-60)
output("main", join(total, total))
