--! 4: cannot change a protected metatable
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
setmetatable(_G, {})
