--! 4: io is not defined: scripts have no access to the system, unless run with --trust
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
local file = io.open("/etc/passwd")
