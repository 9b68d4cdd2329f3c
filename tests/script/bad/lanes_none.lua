--! 5: gain "x": a has no lane 3: its lanes are 1 to 2
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
a = input("a", 2)
x = a[3]:gain(1)
