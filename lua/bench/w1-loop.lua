-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
-- One sine through 100 chains of 10 gains, each a node of its own. 1000 gains.
tone = sine(440)
chains = {}
for c = 1, 100 do
  local signal = tone
  for g = 1, 10 do signal = signal:gain(-0.1 * g - 0.01 * c) end
  chains[c] = signal
end
total = sum(chains) * db(-40)
output("main", join(total, total))
