--! 4: there is no module "nothing" beside the patch or in the library
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
require("nothing")
