--! 5: feedback "fb": frames takes a number, not a signal: it is fixed when the node is made
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
s = sine()
fb = feedback(s) fb:from(s)
