--! 4: sine: it has no input that a signal could go to
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
sine():sine(3)
