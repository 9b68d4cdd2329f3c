-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- A bass line on the clock. Save it with other notes: the new line takes over where the old one would start anew.

tempo(124)
bass = voices(1, function(v)
  return saw(v.hz):lowpass(600) * v.gate:adsr(ms(2), ms(180), 0, ms(20))
end)
riff = loop(4, function()                        -- repeats every 4 beats
  for _, n in ipairs{ 36, 36, 48, 39 } do
    bass:note(n, 0.8, 1/4)                       -- key, velocity, length in beats
    wait(1)
  end
end)
output("main", bass:pan(0), "system:playback_*")
