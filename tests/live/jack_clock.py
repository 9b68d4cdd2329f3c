# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops follow JACK's transport, and lead it: notes are on their frames after starts, stops and jumps, under a master
that changes its tempo, and what Perigee says of bars and beats is true."""

import math
import os
import tempfile

from jackd import Server

TRANSPORT = os.environ['TRANSPORT']
RATE = 48000
PATCH = '''
tempo(174)
clock("jack"%s)
v = voices(1, function(v) return v.gate end)
output("beats", v)
grid = loop(1/4, function() v:note(60, 1, 1/8) end)
'''
MOVES = ('start', 'roll=50000', 'stop', 'pause=4800', 'start', 'roll=25000', 'locate=1000', 'roll=30000',
         'locate=777777', 'roll=30000', 'stop', 'locate=0', 'pause=2048', 'start', 'roll=15000', 'stop')


def nearest(frame):
    return math.floor(frame + 0.5)


def segments(lines):
    """From where to where it rolled, and at which frames there were notes."""
    found, rolls = [], False
    for what, frame, *_ in lines:
        if rolls and what in ('roll', 'stop'):
            # Where it jumped without standing, it had rolled up to a frame that nobody tells.
            found[-1][1] = frame if what == 'stop' else None
        if what == 'roll':
            found.append([frame, None, []])
        if what == 'on':
            found[-1][2].append(frame)
        rolls = what == 'roll' or rolls and what != 'stop'
    return found


def check(lines, frame_of_sixteenth):
    assert not [line for line in lines if line[0] == 'still'], lines
    rolled = segments(lines)
    notes = 0
    for start, stop, on in rolled:
        assert stop is not None, lines
        expected = [frame for frame in map(frame_of_sixteenth, range(4000)) if start <= frame < stop]
        assert on == expected, (start, stop, on, expected)
        notes += len(on)
    print(f'{len(rolled)} times rolled, {notes} notes, all on their frames')
    return rolled


def moved(server, *steps):
    text = server.run(TRANSPORT, 'perigee:beats', *steps)
    return [(what, *map(float, numbers)) for what, *numbers in map(str.split, text.splitlines())]


with tempfile.TemporaryDirectory() as folder:
    patch = f'{folder}/patch.lua'

    def written(options=''):
        with open(patch, 'w') as file:
            file.write(PATCH % options)
        return patch

    for period in (64, 512):
        with Server(period=period, sync=True) as server:
            with server.perigee(written(), '--ahead', '1') as perigee:
                rolled = check(moved(server, *MOVES), lambda n: nearest(n / 4 * 60 * RATE / 174))
                assert len(rolled) == 5 and [int(one[0]) for one in rolled][2:] == [1000, 777777, 0], rolled

                # A master: 120 beats a minute, then 90, from the middle between two notes on.
                change = 3000 + 6000 * 20

                def frame_of(n):
                    frame = n / 4 * 24000
                    return nearest(frame if frame < change else change + (frame - change) * 120 / 90)
                check(moved(server, f'lead=120,{change},90', 'locate=0', 'pause=2048', *MOVES, 'locate=0',
                            'pause=2048', 'start', 'roll=200000', 'stop'), frame_of)
                assert perigee.end() == 0, perigee.text()

            with server.perigee(written(', { lead = true, beats_per_bar = 3 }'), '--ahead', '1', guarded=True) as perigee:
                lines = moved(server, 'locate=0', 'pause=2048', *MOVES)
                check(lines, lambda n: nearest(n / 4 * 60 * RATE / 174))
                beats = [line[1:] for line in lines if line[0] == 'beat']
                assert len(beats) > 8, beats
                for frame, beat, tempo in beats:
                    assert tempo == 174 and abs(beat - frame * 174 / 60 / RATE) < 1e-6, (frame, beat, tempo)
                print(f'{len(beats)} beats said, all true')
                # Another one that wants to lead is told so.
                with server.start(os.environ['PERIGEE'], 'run', patch, '-n', 'second') as second:
                    second.wait_for_text("clock: another program leads JACK's transport")
                assert perigee.end() == 0, perigee.text()
