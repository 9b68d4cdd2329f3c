# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a real JACK server hears is what the engine makes offline, bit for bit: at several periods, while the period
changes, in freewheel, and under the guard."""

import subprocess
import tempfile

from jackd import LOOPBACK, PLAYER, Server, noise, read_wav, write_wav

FRAMES = 24000
INPUTS = ['perigee:in_1', 'perigee:in_2']
OUTPUTS = ['perigee:main_1', 'perigee:main_2']


def first_difference(a, b):
    return next((i for i, pair in enumerate(zip(a, b)) if pair[0] != pair[1]), None)


with tempfile.TemporaryDirectory() as folder:
    source, recorded, expected = (f'{folder}/{name}.wav' for name in ('source', 'recorded', 'expected'))
    write_wav(source, noise(2, FRAMES, seed=20261121))
    subprocess.run([PLAYER, 'sound', source, expected], check=True)
    reference = read_wav(expected)
    assert max(reference[0]) > 0.05, 'the reference is silent'

    def check(server, what, *more):
        text = server.loopback(source, INPUTS, recorded, OUTPUTS, *more).split()
        got = read_wav(recorded)
        for lane in (0, 1):
            assert len(got[lane]) == FRAMES
            where = first_difference(got[lane], reference[lane])
            assert where is None, f'{what}: lane {lane + 1} differs from frame {where} on; xruns {text[-1]}'
        print(f'{what}: {FRAMES} frames identical, xruns {text[-1]}')

    for guarded in (False, True):
        with Server(sync=True) as server, server.play('sound', guarded=guarded) as player:
            who = 'guarded' if guarded else 'plain'
            check(server, f'{who}, period 64')
            check(server, f'{who}, freewheel', '4096', 'freewheel')
            for period in (16, 512, 1024, 48, 64):
                server.run('jack_bufsize', str(period))
                check(server, f'{who}, period {period}')
            # While it sounds: the server itself drops frames, so what is heard is not compared; nothing may break.
            with server.start(LOOPBACK, source, ','.join(INPUTS), recorded, ','.join(OUTPUTS)) as loopback:
                loopback.wait_for_text('playing')
                for period in (256, 32, 128):
                    server.run('jack_bufsize', str(period))
                assert loopback.wait() == 0, loopback.text()
                assert max(read_wav(recorded)[0]) > 0.05, 'silence after a change of period'
            check(server, f'{who}, period 128, changed while it sounded')
            player.wait_for_text('period is now 128 frames')
            assert player.end() == 0, player.text()
            assert 'guard' not in player.text(), player.text()
