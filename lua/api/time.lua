-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later

local api, inner = ...

local setmetatable, type = setmetatable, type

local Loop = { __tostring = function() return "loop" end }
Loop.__index = Loop

local function start(length, body)
  local number = inner.loop(length, body)
  return type(number) == "number" and setmetatable({ loop = number }, Loop) or number
end

--- A function that runs again and again, in logical time: every 4 beats of the patch's clock for a length of 4. What
-- it sets and plays lands on the frame of its beat, however long it takes to compute. After a save, a loop takes over
-- where the one of its name would start anew.
-- @tparam number length beats from one start to the next, 1/256 to 65536
-- @tparam fun() body the function
-- @treturn loop the loop, which has a method stop
function api.loop(length, body) return start(length, body) end

--- Calls a function every so many beats.
-- @tparam number length beats, 1/256 to 65536
-- @tparam fun() body the function
-- @treturn loop
function api.every(length, body) return start(length, body) end

--- Whose beats loops follow. "internal": the patch's own, from beat 0 when it begins to play. "jack": those of JACK's
-- transport; loops run while it rolls and stand still while it is stopped. When the transport goes to another place,
-- notes end, what was still to come is dropped, and each loop begins anew with its first turn there or after. Bars
-- and beats count if a timebase master tells them, bars all being as long as the one that plays; else beat 0 is the
-- transport's frame 0, and the tempo the patch's. With lead, the patch is that master, at its own tempo, unless another
-- program is. A MIDI port, as in clock(midi("in")): those of the MIDI clock that comes there, 24 ticks a beat. Loops run
-- from the first tick after a start or continue on, to the frame, until a stop; a start, or a song position, is another
-- place. The tempo is that of the last 48 ticks, and the patch's before there were any; where ticks cease without a
-- stop, it goes on. While a clock stands, callbacks are called all the same; one that waits goes on when that rolls.
-- Where there is neither JACK nor MIDI, as when a file is rendered, the clock is internal.
-- @function clock
-- @tparam string|midi by "internal", "jack" or a MIDI port
-- @param options of "jack": lead, true or false; beats_per_bar, 1 … 64, for who leads; 4 if not given

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
