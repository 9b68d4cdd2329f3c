--! 4: input "mic": lanes 0 is below 1
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
mic = input("mic", 0)
