--! 5: lanes are counted 1, 2, 3 …: there is no lane 0
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
a = input("a", 2)
x = a[0]:gain(1)
