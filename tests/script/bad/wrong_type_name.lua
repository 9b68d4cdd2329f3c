--! 4: output: name takes a text, not a number
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
output(1, sine())
