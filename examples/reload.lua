-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- What a second save keeps.

sweep = lane({ {0, 200}, {8, 4000, "exp"}, {16, 800, "s"} }, { loop = 16 })   -- seconds, value, curve
verb  = input("mic"):lowpass(sweep):reverb{ size = 0.9, damping = 0.3 }
output("main", verb)
state.saves = (state.saves or 0) + 1             -- plain Lua values that outlive a save
