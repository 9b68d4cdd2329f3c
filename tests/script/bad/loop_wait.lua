--! 5: wait belongs into the function of a loop or callback
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
output("main", sine(440))
wait(1)
