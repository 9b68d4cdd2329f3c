-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- A tone on every speaker.

tone = sine(440) * db(-20)
output("main", tone, "system:playback_*")        -- third argument: keep connected to what matches
