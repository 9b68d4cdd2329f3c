-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later

local api, inner = ...

local refuse = inner.refuse

local function number(value, who)
  if type(value) == "number" then return value end
  return refuse(who .. " takes a number", value)
end

--- A level in decibels as a factor: db(-6) is about 0.5.
-- @tparam number level dB
-- @treturn number a number to multiply a signal by
function api.db(level) return 10 ^ (number(level, "db") / 20) end

--- Milliseconds as seconds, which all times are in.
-- @tparam number milliseconds
-- @treturn number seconds
function api.ms(milliseconds) return number(milliseconds, "ms") / 1000 end

--- The pitch of a MIDI key: hz(69) is 440 Hz. Fractions are between the keys.
-- @tparam number key 60 is middle C
-- @treturn number Hz
function api.hz(key) return 440 * 2 ^ ((number(key, "hz") - 69) / 12) end

--- The time that beats take, at the patch's tempo.
-- @tparam number count of beats: beats(3/4)
-- @treturn number seconds
function api.beats(count) return number(count, "beats") * 60 / inner.tempo() end

--- Sets the patch's tempo, before anything is measured in beats; without an argument, tells it.
-- @function tempo
-- @tparam[opt] number bpm beats a minute, 1 to 1000; 120 where nobody says
-- @treturn number|nil beats a minute

--- The same signal, not lined up with others: a monitor path that opts out of latency compensation.
-- @function nocomp
-- @tparam signal signal
-- @treturn signal

--- How late a signal is, with all that has been made so far.
-- @function latency
-- @tparam signal signal
-- @treturn number frames

--- Prints a line: texts, numbers and signals, side by side.
-- @function print
-- @tparam any ...

--- Prints what something is: a kind of node, a function, a signal, or their name as a text.
-- @function help
-- @tparam[opt] any x without it, the list of all kinds

--- Loads a module beside the patch ("drums", "lib.drums") or from the library that is built in.
-- @function require
-- @tparam string name
-- @treturn any
