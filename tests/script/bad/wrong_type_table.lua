--! 4: sine "x": hz takes a number or a signal, not a table
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine({ 1 }, 2)
