-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- So many gains one behind the other.
signal = sine(440)
for i = 1, nodes do signal = signal:gain(-0.0001 * (i % 7)) end
output("main", signal)
