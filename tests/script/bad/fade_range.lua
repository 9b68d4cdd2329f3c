--! 5: sine "a": fade: -1 s is not between 0 and 600 s
--! 6: sine "b": fade takes seconds, not a text
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
a = sine(440):fade(-1)
b = sine(440):fade("slow")
output("main", a + b)
