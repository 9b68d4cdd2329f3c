--! 5: gain "x": level takes a number or a signal, not nil
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
t = {}
x = sine():gain(t.level)
