--! 5: output: port "main" is taken by the output in line 4
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
output("main", sine())
output("main", sine())
