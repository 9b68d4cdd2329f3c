--! 5: level of gain can be set, not read: gain.level = …
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine():gain(1)
y = x.level
