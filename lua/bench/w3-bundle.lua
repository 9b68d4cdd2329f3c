-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- One sine through 1000 low-passes side by side, written as one of 1000 lanes.
cutoff = lanes(1000, function(i) return 2000 + 10 * i end)
total = sine(440):lowpass(cutoff):mix() * db(-60)
output("main", join(total, total))
