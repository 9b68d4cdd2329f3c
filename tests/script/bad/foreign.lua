--! 4: there is no module "ffi" beside the patch or in the library
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
local ffi = require("ffi")
