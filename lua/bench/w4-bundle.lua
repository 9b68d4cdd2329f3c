-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- 256 voices of saw, gain and pan, written as one bundle of 256 lanes.
pitch = lanes(256, function(i) return 55 * 2 ^ ((i - 1) / 47.3) end)
place = lanes(256, function(i) return (i - 1) / 127.5 - 1 end)
output("main", saw(pitch):gain(-48):pan(place))
