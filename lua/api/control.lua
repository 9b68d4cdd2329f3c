-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later

local api, inner = ...

local guard, xpcall = inner.guard, xpcall
local create, resume, error = api.coroutine.create, api.coroutine.resume, error

local function results(ok, ...)
  if ok then return ... end
  error((...), 0)
end

-- On top of the guarded resume: Lua's own wrap would go around it.
function api.coroutine.wrap(f)
  local thread = create(f)
  return function(...) return results(resume(thread, ...)) end
end

function api.xpcall(f, handler, ...) return xpcall(f, guard(handler), ...) end

--- Lists the globals that hold signals: name, kind and lanes.
-- @function ls

--- Prints what feeds a signal, down to the sources.
-- @function tree
-- @tparam signal signal

--- Takes back the last change of the patch, once the code that was sent has done the rest.
-- @function undo

--- Brings back what was undone.
-- @function redo

--- All notes end, and loops run no more until they are made anew: by a save, or by code that is sent.
-- @function hush

--- MIDI learn, for code that is sent to a patch that plays: the controller that is turned next, at any of the patch's
-- MIDI ports, moves a param from now on, in the place of the one that the script gave it. It does so after saves, too,
-- until one gives that param another controller; it is undone as any change is. learn(cutoff, false) takes the
-- controller away again, and learn(false) waits for one no longer. Without anything, all are told that have been
-- learned, as a script would write them.
-- @function learn
-- @tparam[opt] signal|false param that a global holds
-- @tparam[opt] false forget
