# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callbacks, live: a note is answered no sooner than it should be, OSC is answered by OSC, a program that comes is
connected by the patch and told of when it goes, and a callback that hangs stops nobody."""

import os
import re
import socket
import subprocess
import tempfile
import time

from jackd import PERIGEE, Process, Server, noise, read_wav, wait_for, write_wav
from osc_bytes import message, text

FRAMES = 48000 * 3
LATER = 960  # frames: 20 ms
PATCH = '''
keys = midi("keys")
held = voices(1, keys, function(v) return v.gate end)
answered = voices(1, function(v) return v.gate end)
mic = input("mic")
output("held", held)
output("answered", answered)
output("thru", mic)
keys:on{ note = function(key, velocity)
  if velocity > 0 then answered:note(key, velocity, 1/8) end
end }
jack.on("port", function(name, there)
  if name == "sequence:out" and there then jack.connect(name, "perigee:keys") end
  if name == "sequence:out" and not there then print("it went") end
end)
jack.on("connection", function(from, to, there) print(from, to, there) end)
osc.on("/ask", function(...) osc.send("127.0.0.1:PORT", "/told", ...) end)
osc.on("/hang", function() while true do end end)
'''


def starts(lane):
    return [i for i in range(1, len(lane)) if lane[i] > 0 and lane[i - 1] <= 0]


with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as friend:
    friend.bind(('127.0.0.1', 0))
    friend.settimeout(15)
    source, recorded, patch = (f'{folder}/{name}' for name in ('in.wav', 'out.wav', 'patch.lua'))
    write_wav(source, noise(1, FRAMES, seed=1))
    with open(patch, 'w') as file:
        file.write(PATCH.replace('PORT', str(friend.getsockname()[1])))
    with Server(sync=True) as server, server.perigee(patch, '--osc', '0') as perigee:
        port = int(re.search(r'OSC at 127\.0\.0\.1:(\d+)\n', perigee.text())[1])
        with server.start('jack_midiseq', 'sequence', '24000', '0', '60', '8000', '12000', '64', '8000'):
            perigee.wait_for_text('sequence:out\tperigee:keys\ttrue')
            friend.sendto(message('/hang', ''), ('127.0.0.1', port))
            server.loopback(source, ['perigee:mic'], recorded, ['perigee:held', 'perigee:answered', 'perigee:thru'])
        perigee.wait_for_text('it went')
        perigee.wait_for_text('stopped: it ran for too long')
        friend.sendto(message('/ask', 'T' * 40000), ('127.0.0.1', port))
        perigee.wait_for_text('/ask: 40000 values are more than 256')
        friend.sendto(message('/ask', 'fTs', 0.5, text('lamp')), ('127.0.0.1', port))
        assert friend.recv(1000) == message('/told', 'ffs', 0.5, 1, text('lamp'))
        assert perigee.end() == 0, perigee.text()
    held, answered, _ = read_wav(recorded)
    asked, came = starts(held), starts(answered)
    later = [min(b - a for b in came if b >= a) for a in asked if came and came[-1] > a + 12000]
    print(later)
    assert len(later) >= 5 and min(later) >= LATER, (asked, came)
