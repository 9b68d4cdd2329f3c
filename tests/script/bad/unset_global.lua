--! 5: sweap is not defined: did you mean sweep?
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
sweep = sine(2)
x = sine(sweap)
