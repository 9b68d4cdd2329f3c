--! 5: input "a": lanes is fixed when the node is made: give it there
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
a = input("a", 2)
a.lanes = 3
