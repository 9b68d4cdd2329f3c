--! 5: stopped: it ran for more than 2 s
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
local text, pattern = ("a"):rep(5000), ("a-"):rep(20) .. "b"
text:find(pattern)
