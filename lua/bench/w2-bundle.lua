-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- 200 voices of saw, resonant low-pass, gain and pan, written as one bundle of 200 lanes.
pitch = lanes(200, function(i) return 55 * 2 ^ ((i - 1) / 47.3) end)
place = lanes(200, function(i) return (i - 1) / 99.5 - 1 end)
output("main", saw(pitch):lowpass(2000, { q = 2 }):gain(-40):pan(place))
