--! 6: gain "x": in has 2 lanes and level has 3: one lane meets many, but 2 cannot meet 3; take lanes with [n], or fold with mix()
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
a = input("a", 2)
b = input("b", 3)
x = a:gain(b)
