-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later

local api, inner = ...

local type = type

--- Calls a function whenever something happens to JACK's ports. jack.on("port", f): f(name, there) when one comes
-- (true) or goes (false). jack.on("connection", f): f(from, to, there) when two are connected or disconnected. Another
-- function takes the place of the one before; false ends it.
-- @function jack.on
-- @tparam "port"|"connection" what
-- @tparam false|fun(...) f the function
function api.jack.on(what, f)
  if what ~= "port" and what ~= "connection" then
    return inner.refuse('jack.on takes "port" or "connection"', what)
  end
  if f ~= false and type(f) ~= "function" then return inner.refuse("jack.on takes a function", f) end
  inner.on("jack " .. what, f)
end

api.osc = {}

--- Calls a function for each message of OSC that comes with a path, with the message's values: needs
-- perigee run --osc PORT. A message with a time is answered at its frame, others 20 ms after they came. Another function
-- takes the place of the one before; false ends it.
-- @function osc.on
-- @tparam string path as in "/fader/1"
-- @tparam false|fun(...) f the function
function api.osc.on(path, f)
  if type(path) ~= "string" or path:sub(1, 1) ~= "/" then
    return inner.refuse('osc.on takes a path, as in "/fader/1"', path)
  end
  if f ~= false and type(f) ~= "function" then return inner.refuse("osc.on takes a function", f) end
  inner.on("osc " .. path, f)
end

--- Sends a message of OSC, in a loop or callback at its beat, as exactly as the control thread wakes: a few milliseconds.
-- @function osc.send
-- @tparam string to an address and a port, as in "127.0.0.1:9000"; not a name, save localhost
-- @tparam string path as in "/lamp"
-- @tparam number|boolean|string ... numbers (sent as 32-bit floats), booleans and text
api.osc.send = inner.send
