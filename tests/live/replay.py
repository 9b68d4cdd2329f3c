# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A performance that was recorded from JACK, with notes from a sequencer, loops, callbacks, saves and code that is sent,
is in what its log renders to, byte by byte; also where loops follow JACK's transport, which others move meanwhile."""

import array
import os
import subprocess
import tempfile
import time

from jackd import PERIGEE, Process, Server, noise, read_wav, wait_for, write_wav

FRAMES = 48000 * 5
MOVES = ('start', 'roll=60000', 'stop', 'pause=4800', 'locate=777777', 'start', 'roll=40000', 'locate=1000',
         'roll=30000', 'stop', 'start', 'roll=20000')
PATCH = '''
tempo(200)
CLOCK
keys = midi("keys")
mic = input("mic")
lead = voices(4, keys, function(v) return saw(v.hz):lowpass(1800) * v.gate:adsr(0.01, 0.1, 0.5, 0.2) end)
grid = voices(2, function(v) return sine(v.hz) * v.gate:adsr(0.001, 0.1, 0, 0.01) end)
level = param{ 0.5, 0, 2 }
tone = WAVE(110):lowpass(900)
output("main", lead:mix() * 0.2 + grid:mix() * 0.3 + tone * level * 0.2)
output("thru", mic)
riff = loop(1/2, function() grid:note(math.random(40, 80), math.random(), 1/8) end)
keys:on{ note = function(key, velocity) if velocity > 0 then grid:note(key + 12, 1, 1/8) end end }
'''


def save(patch, wave, clock):
    with open(patch, 'w') as file:
        file.write(PATCH.replace('WAVE', wave).replace('CLOCK', clock))


def check(clock):
    with tempfile.TemporaryDirectory() as folder:
        perform(folder, clock)


def perform(folder, clock):
    source, recorded, patch, log, again = (
        f'{folder}/{name}' for name in ('in.wav', 'out.wav', 'patch.lua', 'take.log', 'again.wav'))
    write_wav(source, noise(1, FRAMES, seed=1))
    save(patch, 'saw', clock)
    # In sync mode no frame is lost, however slow the machine is.
    with Server(sync=True) as server, server.perigee(patch, '--watch', '--log', log) as perigee:
        with server.start('jack_midiseq', 'sequence', '24000', '0', '60', '8000', '12000', '64', '8000'):
            wait_for('the sequencer', lambda: 'sequence:out' in server.lsp())
            server.connect('sequence:out', 'perigee:keys')
            hands = Process('sh', '-c', f'''
                for value in 0.1 0.9 0.4 1.2; do sleep 0.4; {PERIGEE} send -e "level:set($value)" || true; done''',
                            env=server.env)
            later = Process('sh', '-c', f"sleep 1.5; sed -i s/saw\\(110/square\\(110/ {patch}; sleep 1; "
                                        f"sed -i s/1800/700/ {patch}", env=server.env)
            moves = Process(os.environ['TRANSPORT'], 'perigee:main', *MOVES, env=server.env) if clock else None
            server.loopback(source, ['perigee:mic'], recorded, ['perigee:main', 'perigee:thru'])
            hands.wait(), later.wait()
            if moves:
                moves.wait()
                assert moves.text().count('roll ') >= 3, moves.text()
        wait_for('the saves', lambda: perigee.text().count('kept ') >= 2)
        assert perigee.end() == 0, perigee.text()
    subprocess.run([PERIGEE, 'render', '--log', log, '-o', f'main={again}'], check=True, stdout=subprocess.DEVNULL)
    heard, rendered = read_wav(recorded)[0], read_wav(again)[0]
    heard, rendered = array.array('f', heard), array.array('f', rendered)
    # The recording, without the silence around it, which JACK's graph changes may leave at either end.
    first = next(i for i, one in enumerate(heard) if one != 0)
    last = next(i for i in range(len(heard), 0, -1) if heard[i - 1] != 0)
    print(f'{last - first} of {len(heard)} frames')
    assert last - first > FRAMES // 2
    assert heard[first:last].tobytes() in rendered.tobytes()


check('')
check('clock("jack")')
