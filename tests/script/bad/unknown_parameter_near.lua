--! 4: sine "x": there is no parameter phse: did you mean phase?
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine{ 440, phse = 0.5 }
