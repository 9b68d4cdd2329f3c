-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- So many nodes, and some more to halve sums: each hears one or two of all those before. A tenth are late,
-- so that most wires are delayed.
seed = 1
function any(count)
  seed = seed * 16807 % 2147483647
  return seed % count + 1
end
all = { sine(440) }
for i = 2, nodes do
  local one, other, chance = all[any(i - 1)], all[any(i - 1)], any(10)
  if chance < 2 then
    all[i] = one:lag(any(20))
  elseif chance < 6 then
    all[i] = one:gain(-1)
  elseif chance < 8 then
    all[i] = switch(i % 2, one, other)
  else
    all[i] = sum(one, other) * 0.5
  end
end
output("main", sum(all) / nodes)
