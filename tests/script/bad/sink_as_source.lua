--! 5: gain "x": output gives no signal for in
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
o = output("main", sine())
x = gain(o, 3)
