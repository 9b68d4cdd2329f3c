--! 4: require takes a name such as "drums" or "lib.drums", not "../../meson"
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
require("../../meson")
