--! 4: sine "x": hz -1000000 Hz is below -96000 Hz
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine(-1e6)
