--! 13: midi takes the name of a port, not a number
--! 14: connect is a pattern in quotes, not a number
--! 15: cc "knob": number is missing
--! 16: cc "fine": there is no controller 40 of 14 bit: 0 … 31
--! 17: voices takes a MIDI port, as in voices(8, midi("keys"), f), not a number
--! 18: voices takes a MIDI port, as in voices(8, midi("keys"), f), not "keys"
--! 19: the voice's function returns its sound, not nil
--! 20: cc "none": there is no MIDI port "nobody": midi("nobody") makes it
--! 21: "a:b" cannot be a port's name: at most 64 bytes, without : and /
-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
keys = midi("keys")
midi(3)
midi("other", 3)
knob = keys:cc()
fine = keys:cc{ 40, kind = "14 bit" }
voices("x", 3)
voices(8, "keys", function(v) return v.gate end)
voices(8, function(v) end)
none = cc{ from = "nobody", number = 3 }
odd = midi("a:b")
