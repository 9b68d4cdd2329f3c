--! 5: methods come after a colon: signal:gain(…)
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
s = sine()
x = s.gain(3)
