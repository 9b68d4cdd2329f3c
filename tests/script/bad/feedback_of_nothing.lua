--! 5: feedback "fb": from takes a signal, not nil
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
fb = feedback()
fb:from(nil)
