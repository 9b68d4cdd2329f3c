--! 5: keys is not defined
--! 5: chords is not defined
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
lead = chords(8, keys)
