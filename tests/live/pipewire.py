# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same client under PipeWire, through pw-jack: sound goes through, bit for bit, ports are connected by pattern, and
latency shows."""

import subprocess
import tempfile

from pipewired import PipeWire
from jackd import PLAYER, Process, longest_common_run, noise, read_wav, wait_for, write_wav

LAG = 240
FRAMES = 24000

with PipeWire() as server, Process('wireplumber') as manager, tempfile.TemporaryDirectory() as folder:
    server.add_sink()

    with server.play('tone') as player:
        print(player.text())
        wait_for('the pattern', lambda: sorted(server.ports()['perigee:tone']) ==
                 ['null-sink:playback_FL', 'null-sink:playback_FR'])
        assert player.end() == 0, player.text()

    source, recorded, expected = (f'{folder}/{name}.wav' for name in ('source', 'recorded', 'expected'))
    write_wav(source, noise(2, FRAMES, seed=5))
    subprocess.run([PLAYER, 'sound', source, expected], check=True)
    with server.play('sound') as player:
        print(player.text())
        # Through the sink and back out of its monitor.
        server.connect('perigee:main_1', 'null-sink:playback_FL')
        server.connect('perigee:main_2', 'null-sink:playback_FR')
        told = wait_for('latency', lambda: next((told for told in [server.latencies()] if
                                                 told['perigee:main_1'][0][0] >= LAG), None))
        print({port: told[port] for port in told})
        reference = read_wav(expected)
        for attempt in range(3):
            text = server.loopback(source, ['perigee:in_1', 'perigee:in_2'], recorded,
                                   ['perigee:main_1', 'perigee:main_2'])
            runs = [longest_common_run(a, b) for a, b in zip(read_wav(recorded), reference)]
            print(f'longest identical runs {runs} of {FRAMES} frames', text.split()[-2:])
            if min(runs) == FRAMES:
                break
        assert min(runs) > FRAMES // 4, 'the sound differs'

        # Period and rate change under a playing client: the patch is built again for the new rate.
        for key, value, said in (('clock.force-quantum', '256', 'period is now 256 frames'),
                                 ('clock.force-rate', '44100', '44100 Hz, 256 frames a period')):
            subprocess.run(['pw-metadata', '-n', 'settings', '0', key, value], check=True, stdout=subprocess.DEVNULL)
            player.wait_for_text(said)
        assert player.end() == 0, player.text()

    with server.play('sound') as player:
        server.end()
        assert player.wait() == 3, player.text()
        print(player.text())
        assert 'player: the audio server is gone' in player.text()
