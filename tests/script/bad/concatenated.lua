--! 4: a signal is not a text: tostring(signal) is
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = "a" .. sine()
