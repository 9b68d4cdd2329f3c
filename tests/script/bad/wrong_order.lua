--! 5: output: name takes a text, not a signal: it is called as output(name, in, connect)
--! 5: output: in takes a number or a signal, not a text
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
output(sine(), "main")
