--! 5: gain "x": there is no parameter lvel: did you mean level?
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine():gain(1)
x.lvel = 3
