--! 5: keys is not defined
--! 5: arpeggio is not defined
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
lead = arpeggio(8, keys)
