--! 4: gain "x": level takes a number or a signal, not a text
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine():gain("loud")
