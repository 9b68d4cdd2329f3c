--! 4: output "a:b": "a:b" cannot be a port's name: at most 64 bytes, without : and /
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
output("a:b", sine())
