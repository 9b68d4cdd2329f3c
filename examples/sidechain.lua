-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The kick ducks the pad.

pad, kick = input("pad", 2), input("kick")
duck = pad:compressor{ key = kick:highpass(60), threshold = -30, ratio = 8, attack = ms(1), release = ms(180) }
output("main", duck + kick:pan(0))
gr = duck.reduction                              -- a second output, by its name: a signal like any other
