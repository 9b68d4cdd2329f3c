--! 6: gain "b": as("tank"): line 5 has it already, and each has a name of its own
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
mic = input("mic")
a = mic:gain(-1):as("tank")
b = mic:gain(-2):as("tank")
output("main", a + b)
