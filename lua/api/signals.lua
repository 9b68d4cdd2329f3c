-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The methods of signals that are no kinds of node: what src/script/methods.cpp has, told.

--- Sets parameters: by name, or the only one by its value. In a loop, numbers alone, at the frame of its beat.
-- While the patch plays, over says how long a value takes: in a loop, a callback, or code that is sent, where such a
-- glide is no edit: it is as if a hand had made it.
-- @function signal:set
-- @tparam number|signal|table values { cutoff = 900, q = 2 }; while it plays also over, 0 to 3600 s, and curve, "lin" or "exp"
-- @treturn self the signal itself

--- Gives a feedback the signal that comes back; once.
-- @function signal:from
-- @tparam signal source
-- @treturn self the signal itself

--- The same signal, not lined up with others: as nocomp(signal).
-- @function signal:nocomp
-- @treturn signal

--- Pins the node: the next save finds it by this name, wherever it has moved to. No two have the same.
-- @function signal:as
-- @tparam string name not empty
-- @treturn self the signal itself

--- How long the signal takes to come and go when it is edited.
-- @function signal:fade
-- @tparam number seconds 0 to 600
-- @treturn self the signal itself

--- In a loop: plays a note of the signal that voices gave.
-- @function signal:note
-- @tparam number key 0 to 127; 60 is middle C
-- @tparam[opt=0.8] number velocity 0 to 1
-- @tparam[opt=1] number length beats, 0 to 65536
-- @treturn self the signal itself
