--! 5: sine "a": as takes a name in quotes, not a number
--! 6: sine "b": as takes a name in quotes, not an empty one
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
a = sine(440):as(3)
b = sine(330):as("")
output("main", a + b)
