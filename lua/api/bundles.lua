-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later

local api = ...

local constants, join = rawget(api, "lanes"), rawget(api, "join")
local type, unpack = type, unpack

if constants then
  --- A bundle of constants, as wide as the list: lanes{ 110, 220 }; or of what a function gives for 1, 2 … n.
  -- @tparam integer|{number,...}|options.lanes n how many lanes, or the list
  -- @tparam[opt] fun(lane:integer):number|signal f called with the lane's number; if it returns signals, they are joined
  -- @treturn signal
  function api.lanes(...)
    local n, f = ...
    if type(n) ~= "number" or type(f) ~= "function" then return constants(...) end
    local list, signals = {}, false
    for i = 1, n do
      list[i] = f(i)
      signals = signals or type(list[i]) == "userdata"
    end
    if signals and join then return join(list) end
    return constants(list)
  end
end
