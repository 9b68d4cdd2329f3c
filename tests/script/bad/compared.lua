--! 4: attempt to compare number with a signal
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
if sine() > 0 then x = 1 end
