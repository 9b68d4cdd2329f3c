--! 4: sine "x": there is no parameter frequency; it has hz, phase
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine{ frequency = 440 }
