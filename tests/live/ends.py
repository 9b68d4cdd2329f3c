# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a performance ends: by a signal, without a server, with a server that dies; and what it says of faults."""

import os
import signal
import tempfile

from jackd import PLAYER, Process, Server, noise, read_wav, write_wav

with Process(PLAYER, 'through', env=dict(os.environ, JACK_DEFAULT_SERVER='perigee-no-such')) as player:
    assert player.wait() == 3
    text = player.text()
    print(text)
    assert text.startswith('player: there is no JACK server named perigee-no-such: start one') and \
        '--driver dummy' in text and 'pw-jack' in text and len(text.splitlines()) == 1, text

with Server() as server:
    for by in (signal.SIGINT, signal.SIGTERM):
        with server.play('sound') as player:
            print(player.text())
            assert player.text().startswith('JACK client "perigee", 48000 Hz, 64 frames a period (1.3 ms), '
                                     'latency 240 frames (5.0 ms)\ninputs: in_1…2\noutputs: main_1…2\n')
            assert player.end(by) == 0, player.text()
        assert 'perigee' not in server.lsp()

    with server.play('root', guarded=True) as player, tempfile.TemporaryDirectory() as folder:
        write_wav(f'{folder}/in.wav', noise(1, 24000, seed=1))
        server.loopback(f'{folder}/in.wav', ['perigee:in'], f'{folder}/out.wav', ['perigee:main'])
        out = read_wav(f'{folder}/out.wav')[0]
        assert all(sample == sample for sample in out) and max(out) > 0.1
        assert player.end() == 0
        print(player.text())
        assert 'perigee: root#2 made NaN or infinity: silenced and reset' in player.text()

    with server.play('sound') as player:
        server.end(signal.SIGKILL)
        assert player.wait() == 3, player.text()
        print(player.text())
        assert 'player: the audio server is gone' in player.text()
