--! 4: a signal has no gian, and sine no such output: did you mean gain?
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine(440):gian(3)
