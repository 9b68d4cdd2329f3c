--! 4: later is not defined yet: it gets its value in line 5
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine(later)
later = 3
