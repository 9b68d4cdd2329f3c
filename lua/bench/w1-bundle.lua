-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- One sine through 100 chains of 10 gains, written as ten gains of 100 lanes.
signal = sine(440)
for g = 1, 10 do
  signal = signal:gain(lanes(100, function(c) return -0.1 * g - 0.01 * c end))
end
total = signal:mix() * db(-40)
output("main", join(total, total))
