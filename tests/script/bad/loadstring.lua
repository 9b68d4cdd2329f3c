--! 4: loadstring is not defined
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
loadstring("x = 1")()
