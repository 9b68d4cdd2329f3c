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
