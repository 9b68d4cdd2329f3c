# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""One patch sends MIDI clock, another follows it: from the first tick on, its notes are on the ticks."""

import tempfile

from jackd import PERIGEE, Server, read_wav, wait_for, write_wav

RATE = 48000
PACE = 60 * RATE / 174 / 24  # frames a tick
LEADER = '''
tempo(174)
out = midi_out("clock")
v = voices(1, function(v) return v.gate end)
output("beats", v)
output("thru", input("mic"))
grid = loop(1/4, function() v:note(60, 1, 1/8) end)
'''
FOLLOWER = '''
clock(midi("in", "leader:clock"))
v = voices(1, function(v) return v.gate end)
output("beats", v)
grid = loop(1/4, function() v:note(60, 1, 1/8) end)
'''


def onsets(lane):
    return [i for i in range(1, len(lane)) if lane[i] > 0.5 > lane[i - 1]]


with tempfile.TemporaryDirectory() as folder:
    def written(name, text):
        with open(f'{folder}/{name}.lua', 'w') as file:
            file.write(text)
        return f'{folder}/{name}.lua'

    def recorded(server, seconds):
        write_wav(f'{folder}/in.wav', [[0] * int(seconds * RATE)])
        server.loopback(f'{folder}/in.wav', ['leader:mic'], f'{folder}/out.wav', ['leader:beats', 'follower:beats'])
        return [onsets(lane) for lane in read_wav(f'{folder}/out.wav')]

    for period in (64, 512):
        with Server(period=period, sync=True) as server:
            with server.perigee(written('follower', FOLLOWER), '-n', 'follower', '--ahead', '1') as follower, \
                    server.perigee(written('leader', LEADER), '-n', 'leader', '--ahead', '1') as leader:
                wait_for('the wire', lambda: 'follower:in' in server.ports().get('leader:clock', []))
                led, followed = recorded(server, 1.5)  # the leader's first note comes a second after its start
                assert len(led) > 2 and followed == [], ('it plays before it is told to', led, followed)
                server.run(PERIGEE, 'send', '-n', 'leader', '-e', 'ticks = out:clock()')
                led, followed = recorded(server, 3)
                assert len(led) > 30 and len(followed) > 20, (led, followed)
                # The leader's grid is on ticks; the follower's begins on another one, and every sixth is its own.
                errors = [(frame - led[0]) / PACE for frame in followed]
                worst = max(abs(error - round(error)) * PACE for error in errors)
                assert worst <= 6, (worst, led, followed)
                assert {round(b - a) for a, b in zip(errors, errors[1:])} == {6}, errors
                print(f'{len(followed)} notes, at most {worst:.1f} frames beside their ticks')
                server.run(PERIGEE, 'send', '-n', 'leader', '-e', 'ticks:stop()')
                recorded(server, 1)  # what was sent ahead
                led, followed = recorded(server, 1)
                assert len(led) > 8 and followed == [], (led, followed)
                assert leader.end() == 0 and follower.end() == 0, leader.text() + follower.text()
