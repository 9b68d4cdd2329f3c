--! 4: feedback "fb": nothing comes back: it needs :from(signal)
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
fb = feedback()
x = fb:gain(-6)
