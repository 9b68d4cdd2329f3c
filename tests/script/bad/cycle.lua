--! plan: a cycle without feedback
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
x = sine():gain(0)
y = x:gain(0)
x.level = y
