--! 4: sine "x": hz is given twice
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine(440, { hz = 220 })
