--! 7: feedback "fb": it has its signal already: :from() is called once
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
fb = feedback()
x = fb:gain(-6)
fb:from(x)
fb:from(x)
