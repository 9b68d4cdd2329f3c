--! 4: stopped: it ran for more than 2 s
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
coroutine.wrap(function() while true do end end)()
