# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes at a JACK MIDI port and loops on the clock land on their frames, live, while code is sent that never ends and a
loop fails."""

import os
import subprocess
import tempfile
import time

from jackd import PERIGEE, Process, Server, noise, read_wav, wait_for, write_wav

FRAMES = 48000 * 4
PATCH = '''
tempo(240)
keys = midi("keys")
held = voices(1, keys, function(v) return v.gate end)
grid = voices(1, function(v) return v.gate end)
mic = input("mic")
output("notes", held)
output("beats", grid)
output("thru", mic)
beat = loop(1, function() grid:note(60, 1, 1/4) end)
bad = loop(2, function() wait(1); nothing() end)
spins = loop(3, function() while true do end end)
'''


def lengths(lane):
    """How long it is on, off, on …, without the first and the last, which are cut off."""
    found, since = [], 0
    for i in range(1, len(lane)):
        if (lane[i] > 0) != (lane[i - 1] > 0):
            found.append(i - since)
            since = i
    return found[1:]


with tempfile.TemporaryDirectory() as folder:
    source, recorded, patch = (f'{folder}/{name}' for name in ('in.wav', 'out.wav', 'patch.lua'))
    write_wav(source, noise(1, FRAMES, seed=1))
    with open(patch, 'w') as file:
        file.write(PATCH)
    # In sync mode no frame is lost, however slow the machine is.
    with Server(sync=True) as server, server.perigee(patch, '--ahead', '1') as perigee:
        assert 'MIDI inputs: keys' in perigee.text(), perigee.text()
        # Notes of 8000 frames, 12000 frames apart, again and again.
        with server.start('jack_midiseq', 'sequence', '24000', '0', '60', '8000', '12000', '64', '8000'):
            wait_for('the sequencer', lambda: 'sequence:out' in server.lsp())
            server.connect('sequence:out', 'perigee:keys')
            time.sleep(0.5)
            sent = Process(PERIGEE, 'send', '-e', 'while true do end', env=server.env)
            server.loopback(source, ['perigee:mic'], recorded,
                            ['perigee:notes', 'perigee:beats', 'perigee:thru'])
            assert sent.wait() == 1, sent.text()
        wait_for('a loop to be paused', lambda: 'loop bad: ' in perigee.text() and 'is paused' in perigee.text())
        wait_for('the other one', lambda: 'loop spins: stopped' in perigee.text())
        assert perigee.end() == 0, perigee.text()
    notes, beats, _ = read_wav(recorded)
    print(lengths(notes)[:8], lengths(beats)[:8])
    assert len(lengths(notes)) >= 12 and set(lengths(notes)) == {8000, 4000}, lengths(notes)
    assert len(lengths(beats)) >= 20 and set(lengths(beats)) == {3000, 9000}, lengths(beats)
