--! 5: stopped: it took more than 256 MiB
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
local t = {}
for i = 1, 1e9 do t[i] = i end
