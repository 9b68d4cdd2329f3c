--! 4: attempt to call method 'uper' (a nil value): did you mean upper?
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = ("a"):uper()
