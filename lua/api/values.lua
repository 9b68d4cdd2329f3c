-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- How the value of an expression that was sent is shown.

local _, inner = ...

local getmetatable, next, rawget, tostring, type = getmetatable, next, rawget, tostring, type
local concat, format = table.concat, string.format

local deepest, most = 3, 64 -- tables in tables, entries of each

local function text(value, depth)
  if type(value) == "string" and depth > 0 then return format("%q", value) end
  local meta = type(value) == "table" and getmetatable(value)
  if type(value) ~= "table" or type(meta) == "table" and rawget(meta, "__tostring") then return tostring(value) end
  if depth == deepest then return "{ … }" end
  local parts, last = {}, 0
  while last < most and rawget(value, last + 1) ~= nil do
    last = last + 1
    parts[last] = text(rawget(value, last), depth + 1)
  end
  for key, one in next, value do
    local listed = type(key) == "number" and key >= 1 and key <= last and key % 1 == 0
    if not listed then
      if #parts >= most then
        parts[#parts + 1] = "…"
        break
      end
      local name = type(key) == "string" and key:match("^[%a_][%w_]*$") or "[" .. text(key, depth + 1) .. "]"
      parts[#parts + 1] = name .. " = " .. text(one, depth + 1)
    end
  end
  return #parts == 0 and "{}" or "{ " .. concat(parts, ", ") .. " }"
end

-- A value as text: tables with what they hold, as they would be written.
function inner.text(value) return text(value, 0) end
