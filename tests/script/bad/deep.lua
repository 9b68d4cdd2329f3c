--! 4: stack overflow: functions call each other without end
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
local function f() return 1 + f() end
f()
