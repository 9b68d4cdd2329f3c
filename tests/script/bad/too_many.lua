--! 4: sine "x": it takes at most 2 (hz, phase), not 3
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine(440, 0, 1)
