-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later

local api, inner = ...

local setmetatable, type = setmetatable, type

local Loop = {}
Loop.__index = Loop

--- A function that runs again and again, in logical time: every 4 beats of the patch's clock for a length of 4. What
-- it sets and plays lands on the frame of its beat, however long it takes to compute. After a save, a loop takes over
-- where the one of its name would start anew.
-- @tparam number length beats from one start to the next, 1/256 to 65536
-- @tparam fun() body the function
-- @treturn loop the loop, which has a method stop
function api.loop(length, body)
  local number = inner.loop(length, body)
  return type(number) == "number" and setmetatable({ loop = number }, Loop) or number
end

--- Calls a function every so many beats.
-- @function every
-- @tparam number length beats, 1/256 to 65536
-- @tparam fun() body the function
-- @treturn loop
api.every = api.loop

--- In a loop: goes on so many beats later.
-- @function wait
-- @tparam number length beats, 0 to 65536
api.wait = inner.wait

--- In a loop: the beat that it is at.
-- @function now
-- @treturn number|nil beats since the patch began; nothing outside a loop
api.now = inner.now

--- The loop runs no more.
function Loop:stop() inner.stop(self.loop) end
