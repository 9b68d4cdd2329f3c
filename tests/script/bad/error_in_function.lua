--! 5: attempt to perform arithmetic on local 'a' (a nil value)
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
local function f(a)
  return a + 1
end
f()
