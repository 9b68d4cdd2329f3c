-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Routing by program change, a bass line on the clock.

tempo(124)
gtr, vox = input("gtr"), input("vox")
foot = midi("foot")
scene = switch(foot:program(), {                 -- programs 0, 1, 2
  gtr:pan(0),
  (gtr + vox):delay(beats(3/4), { feedback = 0.6 }):pan(0),
  vox:pan(-0.3) + gtr:chorus():pan(0.3),
}, { fade = ms(60), tail = 4 })
bass = voices(1, function(v)
  return saw(v.hz):lowpass(600) * v.gate:adsr(ms(2), ms(180), 0, ms(20))
end)
riff = loop(4, function()                        -- repeats every 4 beats; a new body takes over on that boundary
  for _, n in ipairs{ 36, 36, 48, 39 } do
    bass:note(n, 0.8, 1/4)                       -- key, velocity, length in beats: stamped at logical time
    wait(1)
  end
end)
output("main", scene + bass:pan(0))
route("Hydrogen:out_*", "system:playback_*")     -- JACK's own wires belong to the patch too
