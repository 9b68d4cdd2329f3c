--! 4: signals cannot be compared: while the script runs, nothing sounds yet
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
if sine() > 0 then x = 1 end
