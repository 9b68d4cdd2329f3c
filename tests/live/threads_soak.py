# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""`perigee run --threads N` under a JACK server at period 128 and a load, for SOAK_SECONDS: wherever no period was lost,
what is heard is what one thread renders, bit for bit. Prints how many were lost. THREADS says N; 2 if not given."""

import os
import re
import subprocess
import sys
import tempfile
import time

from edits import periods, stress
from jackd import PERIGEE, Server, noise, read_wav, write_wav

FRAMES = 96000
# Nothing in it sounds by itself or for long, so that it does not matter what it played before.
PATCH = '''
mic = input("mic", 2)
ways = {}
for i = 1, 200 do ways[i] = mic:lowpass(500 + 20 * i):highpass(300 + i):gain(-40):peak(900 + 5 * i, 3) end
output("main", sum(ways))
'''

if len(os.sched_getaffinity(0)) < 2:
    print('one processor: nothing to share')
    sys.exit(77)

seconds, threads = float(os.environ['SOAK_SECONDS']), os.environ.get('THREADS', '2')
with tempfile.TemporaryDirectory() as folder, Server(period=128) as server:
    source, recorded, expected, script = (f'{folder}/{name}' for name in ('in.wav', 'out.wav', 'ref.wav', 'patch.lua'))
    write_wav(source, noise(2, FRAMES, seed=20261122))
    with open(script, 'w') as file:
        file.write(PATCH)
    subprocess.run([PERIGEE, 'render', script, '-i', source, '-o', expected, '--raw'], check=True,
                   stdout=subprocess.DEVNULL)
    wanted = read_wav(expected)
    assert max(wanted[0]) > 0.05, 'the reference is silent'
    with server.perigee(script, '--threads', threads) as perigee:
        load = stress(seconds + 5)
        rounds = clean = lost = 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            text = server.loopback(source, ['perigee:mic_1', 'perigee:mic_2'], recorded, ['perigee:main_1', 'perigee:main_2'])
            xruns = int(re.search(r'xruns (\d+)', text).group(1))
            rounds, lost = rounds + 1, lost + xruns
            if xruns == 0:
                assert read_wav(recorded) == wanted, f'round {rounds} differs'
                clean += 1
        if load is not None:
            load.end()
        late, share = periods(perigee)
        print(f'{threads} threads: {rounds} rounds, {clean} of them clean and identical; {lost} xruns, {late} late periods, '
              f'the patch took at most {share} %')
        assert perigee.end() == 0, perigee.text()
    if clean == 0:
        print('skipped, for no round was without an xrun')
        sys.exit(77)
