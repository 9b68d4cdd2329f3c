--! 8: sien is not defined: did you mean sine?
--! 9: sine "b": there is no parameter hzz: did you mean hz?
--! 10: gain "c": level 99 dB is above 24 dB
--! 11: florble is not defined
--! 13: gain "e": in has no signal: signal
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
a = sien(440)
b = sine{ hzz = 3 }
c = sine():gain(99)
d = a:gain(florble)
output("main", d)
e = gain()
