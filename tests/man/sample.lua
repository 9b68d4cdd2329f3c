-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later

--- Units: numbers as people say them.
-- What they make is a plain number.
-- @module units
-- @tfield {number,...} all of them

--- The linear gain of a level in dB.
-- `db(-6)` is about a half.
-- .5 at the start of a line must not be taken for a macro.
-- @tparam number level in dB; 0 is unchanged,
-- and "more" is louder \ wider
-- @treturn number gain
-- @usage
-- x = sine(440) * db(-6)
--   .indented = "`code`"
function db(level)
  return 10 ^ (level / 20)
end

--- A point: not of the manual, but of editors.
-- @table point
-- @tfield number x to the right
-- @tfield number y up

--- Not to be seen.
-- @local
local function hidden() end

--- Places lanes between left and right: −1 … 1.
-- @function signal:pan
-- @tparam[opt=0] number|signal position one, or one a lane
-- @tparam table opts
-- @param opts.law how loud the middle is
-- @return two lanes
-- @overload fun(self: signal): signal
methods.pan = wrap(hidden)

--- Says something.
M.say = function(text, ...) end

-- An ordinary comment: none of the manual's business.
-------------------------------------------------------
function nobody() end
