-- SPDX-FileCopyrightText: 2026 The Perigee developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Parallel paths, lined up by themselves.

mic = input("mic", 2, "system:capture_*")
dry = mic * db(-3)
wet = mic:highpass(120):limiter(-6, { lookahead = ms(5) })   -- declares 5 ms of latency
mix = dry + wet                                  -- dry is delayed by 5 ms
output("main", mix)                              -- and JACK is told
output("cue", nocomp(mic))                       -- a monitor path that opts out
print(latency(mix), "frames")
