--! 4: attempt to call field 'flor' (a nil value): did you mean floor?
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = math.flor(2.5)
