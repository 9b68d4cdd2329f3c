-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later

--- scales = require("scales"): major, minor, pentatonic and blues as steps of semitones, and keys of MIDI along them.
-- @module scales
-- @tfield {number,...} major
-- @tfield {number,...} minor
-- @tfield {number,...} pentatonic
-- @tfield {number,...} blues
local scales = {
  major = { 0, 2, 4, 5, 7, 9, 11 },
  minor = { 0, 2, 3, 5, 7, 8, 10 },
  pentatonic = { 0, 2, 4, 7, 9 },
  blues = { 0, 3, 5, 6, 7, 10 },
}

--- The key at a degree of a scale: scales.key(60, scales.minor, 3) is 63.
-- @tparam number root key of the first degree
-- @tparam {number,...} scale a list of semitones within the octave
-- @tparam integer degree from 1; beyond the scale's end, and below 1, in other octaves
-- @treturn number a key of MIDI
function scales.key(root, scale, degree)
  local octave = math.floor((degree - 1) / #scale)
  return root + 12 * octave + scale[degree - octave * #scale]
end

return scales
