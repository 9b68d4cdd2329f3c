--! 5: ')' expected (to close '(' at line 4) near '<eof>'
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = (1
