# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The voice once more, under PipeWire through pw-jack: sound, ports and latency."""

import tempfile

from pipewired import PipeWire
from jackd import Process, longest_common_run, wait_for
from recording import PATCH, check_latency, heard, rendered, take

with PipeWire() as server, Process('wireplumber'), tempfile.TemporaryDirectory() as folder:
    server.add_sink()
    source = take(folder)
    expected = rendered(folder)
    with server.perigee(PATCH) as perigee:
        print(perigee.text())
        mine = sorted(port for port in server.ports() if port.startswith('perigee:'))
        assert mine == [f'perigee:{port}_{lane}' for port in ('cue', 'main', 'mic') for lane in (1, 2)], mine
        # PipeWire has no ports called system:capture_*: the pattern meets nothing.
        assert server.ports()['perigee:mic_1'] == []
        for lane, channel in (('1', 'FL'), ('2', 'FR')):
            server.connect(f'perigee:main_{lane}', f'null-sink:playback_{channel}')
        check_latency(server)
        for attempt in range(3):
            got, text = heard(server, folder, source)
            runs = [longest_common_run(a, b) for a, b in zip(got, expected)]
            print(f'longest identical runs {runs} of {len(expected[0])} frames, {text}')
            if min(runs) == len(expected[0]):
                break
        assert min(runs) > len(expected[0]) // 4, 'the sound differs'
        assert perigee.end() == 0, perigee.text()
