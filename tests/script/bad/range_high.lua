--! 4: gain "x": level 100 dB is above 24 dB
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine():gain(100)
