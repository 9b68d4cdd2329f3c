--! 5: notes are played in a loop or callback: loop(4, function() … end)
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
bass = voices(1, function(v) return v.gate end)
bass:note(36)
