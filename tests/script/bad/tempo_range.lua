--! 4: tempo 0 is not between 1 and 1000
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
tempo(0)
