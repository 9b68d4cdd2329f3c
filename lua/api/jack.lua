-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- What src/script/routes.cpp has, told.

--- Keeps JACK's own ports connected, those of any programs. See Routes.
-- @function route
-- @tparam string from a pattern of full names of ports that sound or MIDI comes out of: "Hydrogen:out_*"
-- @tparam string to a pattern of ports that it goes into: "system:playback_*"
-- @overload fun(patterns:{from:string,to:string})

--- The full names of the ports that match a pattern now; without it, of all. There are none without JACK.
-- @function jack.ports
-- @tparam[opt="*"] string pattern as in "system:*"
-- @treturn {string,...}

--- Connects two ports, once: when the patch plays, or in a loop or callback at its beat.
-- @function jack.connect
-- @tparam string from full name of a port that comes out: "client:port"
-- @tparam string to full name of a port that it goes into

--- Takes two ports apart, once: when the patch plays, or in a loop or callback at its beat.
-- @function jack.disconnect
-- @tparam string from full name of a port that comes out: "client:port"
-- @tparam string to full name of a port that it goes into
