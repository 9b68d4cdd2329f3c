-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later

local api, inner = ...

local refuse = inner.refuse

local function number(value, who)
  if type(value) == "number" then return value end
  return refuse(who .. " takes a number", value)
end

--- A level in decibels as a factor: db(-6) is about 0.5.
-- @param level dB
-- @return a number to multiply a signal by
function api.db(level) return 10 ^ (number(level, "db") / 20) end

--- Milliseconds as seconds, which all times are in.
-- @param milliseconds
-- @return seconds
function api.ms(milliseconds) return number(milliseconds, "ms") / 1000 end

--- The pitch of a MIDI key: hz(69) is 440 Hz. Fractions are between the keys.
-- @param key 60 is middle C
-- @return Hz
function api.hz(key) return 440 * 2 ^ ((number(key, "hz") - 69) / 12) end

--- The time that beats take, at the patch's tempo.
-- @param count of beats: beats(3/4)
-- @return seconds
function api.beats(count) return number(count, "beats") * 60 / inner.tempo() end

--- Sets the patch's tempo, before anything is measured in beats; without an argument, tells it.
-- @function tempo
-- @param[opt] bpm beats a minute, 1 to 1000; 120 where nobody says

--- The same signal, not lined up with others: a monitor path that opts out of latency compensation.
-- @function nocomp
-- @param signal

--- How late a signal is, with all that has been made so far.
-- @function latency
-- @param signal
-- @return frames

--- Keeps JACK's own ports connected, those of any programs. See PORTS.
-- @function route
-- @param from a pattern of full names of ports that sound or MIDI comes out of: "Hydrogen:out_*"
-- @param to a pattern of ports that it goes into: "system:playback_*"

--- Prints a line: texts, numbers and signals, side by side.
-- @function print
-- @param ...

--- Prints what something is: a kind of node, a function, a signal, or their name as a text.
-- @function help
-- @param[opt] x without it, the list of all kinds

--- Loads a module beside the patch ("drums", "lib.drums") or from the library that is built in.
-- @function require
-- @param name

