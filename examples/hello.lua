-- hello.lua
tone = sine(440) * db(-20)
output("main", tone, "system:playback_*")        -- third argument: keep connected to what matches
