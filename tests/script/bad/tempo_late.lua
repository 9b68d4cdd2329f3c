--! 5: tempo comes first: beats() has been used in line 4
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = beats(1)
tempo(90)
