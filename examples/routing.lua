-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- A studio's cables, without any sound of its own: whatever is started, whenever, finds its wires.
-- `jack_lsp` lists the names of ports; * stands for any letters.

route("Hydrogen:out_*", "system:playback_*")     -- drums to the speakers: left to left, right to right
route("Hydrogen:out_*", "ardour:Drums/audio_in *")   -- and to a track, to be recorded
route("system:capture_1", "guitarix:in_0")       -- the guitar into its amplifier
route("guitarix:out_*", "system:playback_*")

-- MIDI is routed alike. One port that meets many is connected to all of them: the keyboard plays every synth.
for _, synth in ipairs{ "yoshimi", "Hydrogen", "amsynth" } do
  route("a2j:Keystation*capture*", synth .. ":*midi*")
end
