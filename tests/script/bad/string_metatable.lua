--! 4: bad argument #1 to 'setmetatable' (table expected, got string)
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
setmetatable("", {})
