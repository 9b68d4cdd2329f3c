-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later

local api, inner = ...

local notes, cc, program, bend, pressure = api.notes, api.cc, api.program, api.bend, api.pressure
local make_out = api.midi_out
local pairs, setmetatable, getmetatable, type, unpack = pairs, setmetatable, getmetatable, type, unpack

if not notes then return end  -- kinds of a test's own

local Midi = { __tostring = function(port) return 'midi "' .. port.name .. '"' end }
Midi.__index = Midi

local function given(port, arguments)
  local all = { from = port.name }
  for name, value in pairs(arguments or {}) do all[name] = value end
  return all
end

--- A MIDI port: what its notes, controllers and programs do is heard to the frame.
-- @tparam string name what its JACK port is called
-- @tparam[opt] string connect keep it connected to the ports that match, as in "a2j:*"
-- @treturn midi
function api.midi(name, connect)
  if type(name) ~= "string" or name == "" then return inner.refuse("midi takes the name of a port", name) end
  if connect ~= nil and type(connect) ~= "string" then return inner.refuse("connect is a pattern in quotes", connect) end
  inner.midi(name, connect or "")
  return setmetatable({ name = name }, Midi)
end

--- A controller, 0 … 1: a signal. port:cc(74), port:cc{ 1, kind = "14 bit" }, port:cc{ 300, kind = "nrpn" }.
-- @tparam integer|options.cc number of the controller, 0 to 127; of an NRPN, to 16383
-- @tparam[opt] options.cc options kind: "7 bit", "14 bit" or "nrpn"; channel: 1 to 16, 0 for all
-- @treturn signal
function Midi:cc(number, options)
  local all = given(self, type(number) == "table" and number or options)
  if type(number) ~= "table" then all.number = number end
  if all[1] ~= nil then all.number, all[1] = all[1], nil end
  return cc(all)
end

--- The last program change, 0 … 127: a signal.
-- @tparam[opt] options.program options channel: 1 to 16, 0 for all
-- @treturn signal
function Midi:program(options) return program(given(self, options)) end
--- The pitch wheel, −1 … 1: a signal.
-- @tparam[opt] options.bend options channel: 1 to 16, 0 for all
-- @treturn signal
function Midi:bend(options) return bend(given(self, options)) end
--- The channel's pressure, 0 … 1: a signal.
-- @tparam[opt] options.pressure options channel: 1 to 16, 0 for all
-- @treturn signal
function Midi:pressure(options) return pressure(given(self, options)) end

local MidiOut = { __tostring = function(port) return 'midi_out "' .. port.name .. '"' end }
MidiOut.__index = MidiOut

--- A MIDI port at which loops and callbacks play: other programs and instruments hear it on the frame of its beat, later by
-- the latency of the patch, as its sound is. Channels are 1 … 16, or 1 if not given. When the port goes, with a save or
-- the end, its notes end.
-- @tparam string name what its JACK port is called
-- @tparam[opt] string connect keep it connected to the ports that match, as in "a2j:*"
-- @treturn midi_out
function api.midi_out(name, connect)
  if type(name) ~= "string" or name == "" then return inner.refuse("midi_out takes the name of a port", name) end
  return setmetatable({ name = name, node = make_out{ to = name, connect = connect } }, MidiOut)
end

--- Plays a note: key 0 … 127, velocity 0 … 1 (0.8 if not given), length in beats (1).
-- @tparam number key 0 to 127
-- @tparam[opt=0.8] number velocity 0 to 1
-- @tparam[opt=1] number beats
-- @tparam[opt=1] integer channel 1 to 16
function MidiOut:note(key, velocity, beats, channel)
  inner.speak(self.node, key, velocity, beats, "note", channel)
end
--- Turns a controller, 0 … 127, to a value 0 … 1.
-- @tparam integer number 0 to 127
-- @tparam number value 0 to 1
-- @tparam[opt=1] integer channel 1 to 16
function MidiOut:cc(number, value, channel) inner.speak(self.node, number, value, nil, "cc", channel) end
--- Changes the program, 0 … 127.
-- @tparam integer number 0 to 127
-- @tparam[opt=1] integer channel 1 to 16
function MidiOut:program(number, channel) inner.speak(self.node, number, nil, nil, "program", channel) end
--- Turns the pitch wheel, −1 … 1.
-- @tparam number value −1 to 1
-- @tparam[opt=1] integer channel 1 to 16
function MidiOut:bend(value, channel) inner.speak(self.node, value, nil, nil, "bend", channel) end
--- Presses the channel, 0 … 1.
-- @tparam number value 0 to 1
-- @tparam[opt=1] integer channel 1 to 16
function MidiOut:pressure(value, channel) inner.speak(self.node, value, nil, nil, "pressure", channel) end
--- From now on sends MIDI clock, 24 ticks a beat, and a start before the first one.
-- @treturn loop the loop that sends it; its method stop sends a stop, too
function MidiOut:clock()
  local ended = false
  local ticks
  ticks = api.loop(1 / 24, function()
    inner.speak(self.node, nil, nil, nil, ended and "stop" or "start")
    if ended then return inner.stop(ticks.loop) end
    inner.speak(self.node, nil, nil, nil, "clock")
  end)
  if type(ticks) == "table" then ticks.stop = function() ended = true end end
  return ticks
end

local occasions = { note = true, cc = true, program = true, bend = true, pressure = true, key_pressure = true }

--- What port:on takes: functions, or false.
-- @table occasions
-- @tfield[opt] false|fun(key:number,velocity:number,channel:integer) note
-- @tfield[opt] false|fun(number:integer,value:number,channel:integer) cc
-- @tfield[opt] false|fun(program:integer,channel:integer) program
-- @tfield[opt] false|fun(bend:number,channel:integer) bend
-- @tfield[opt] false|fun(pressure:number,channel:integer) pressure
-- @tfield[opt] false|fun(key:number,pressure:number,channel:integer) key_pressure

--- Functions that are called when something comes: port:on{ note = f, cc = f, program = f, bend = f, pressure = f,
-- key_pressure = f }. They are given a note's key (0 … 127), velocity (0 … 1; 0 when it is released) and channel
-- (1 … 16); a controller's number, value (0 … 1) and channel; a program and channel; a bend (−1 … 1) and channel; a
-- pressure (0 … 1) and channel; a key, its pressure and channel. As in loops, they set, play and wait in logical
-- time: 20 ms after what they answer, always. Another function takes the place of the one before; false ends it.
-- @tparam occasions functions by what they answer
function Midi:on(functions)
  if type(functions) ~= "table" then return inner.refuse("on takes a table: on{ note = f }", functions) end
  for name, f in pairs(functions) do
    if not occasions[name] then
      inner.refuse("on takes note, cc, program, bend, pressure and key_pressure", name)
    elseif f ~= false and type(f) ~= "function" then
      inner.refuse("on takes a function for " .. name, f)
    else
      inner.on("midi " .. self.name .. " " .. name, f)
    end
  end
end

--- What the body of voices describes a voice by: signals with a lane for each voice.
-- @table voice
-- @tfield signal hz pitch of the note, with the wheel
-- @tfield signal gate 1 from note-on to note-off, or while the pedal holds it
-- @tfield signal velocity of the note, 0 … 1
-- @tfield signal pressure of the key, or of the channel, 0 … 1

--- Voices that play the notes of a port, or those of loops, as in bass:note(36, 0.8, 1/4): key, velocity, beats. The
-- body runs once and describes one voice by v.hz, v.gate, v.velocity and v.pressure; what it returns has a lane for
-- each. The same note goes to the same voice; else the voice released longest ago is taken, or the one held longest.
-- @tparam integer count how many notes can sound at a time, 1 to 256
-- @tparam midi|nil port a MIDI port; may be left out
-- @tparam fun(v:voice):signal body called with the voice; returns its sound
-- @tparam[opt] options.notes options channel: 1 to 16, 0 for all; bend: semitones of the pitch wheel, 0 to 96
-- @treturn signal
-- @overload fun(count:integer,body:fun(v:voice):signal,options?:options.notes):signal
function api.voices(count, port, body, options)
  if type(port) == "function" then port, body, options = nil, port, body end
  if port ~= nil and (type(port) ~= "table" or getmetatable(port) ~= Midi) then
    return inner.refuse("voices takes a MIDI port, as in voices(8, midi(\"keys\"), f)", port)
  end
  if type(body) ~= "function" then return inner.refuse("voices takes a function that describes a voice", body) end
  local all = given(port or { name = "" }, options)
  all.voices = count
  local made = notes(all)
  local sound = body({ hz = made.hz, gate = made.gate, velocity = made.velocity, pressure = made.pressure })
  if type(sound) ~= "userdata" then return inner.refuse("the voice's function returns its sound", sound) end
  return sound * made.level
end
