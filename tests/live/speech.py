# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A voice through examples/compensate.lua: what a JACK server hears is what `perigee render` writes, bit for bit, and the
latency that JACK is told and jack_iodelay measures is what `perigee graph` shows."""

import tempfile

from jackd import Server, wait_for
from recording import PATCH, check_latency, heard, rendered, take

with tempfile.TemporaryDirectory() as folder:
    source = take(folder)
    expected = rendered(folder)
    with Server(sync=True) as server:
        for period in (64, 1024, 48):
            server.run('jack_bufsize', str(period))
            with server.perigee(PATCH) as perigee:
                print(perigee.text())
                assert '240\tframes\n' in perigee.text() and 'latency 240 frames (5.0 ms)' in perigee.text()
                # The patch's pattern connects the hardware too: the dummy driver's is silence, and adds nothing.
                wait_for('the pattern', lambda: server.ports()['perigee:mic_2'] == ['system:capture_2'])
                got, text = heard(server, folder, source)
                for lane, (a, b) in enumerate(zip(got, expected)):
                    where = next((i for i, pair in enumerate(zip(a, b)) if pair[0] != pair[1]), None)
                    assert len(a) == len(b) and where is None, f'period {period}, lane {lane}: frame {where} differs'
                print(f'period {period}: {len(got)} lanes of {len(got[0])} frames identical, offset 0, {text}')
                assert perigee.end() == 0, perigee.text()

    # Waits for nobody, as a server does on stage.
    with Server() as server, server.perigee(PATCH) as perigee:
        check_latency(server, hardware='system:capture_1')
        for port in ('1', '2'):
            server.run('jack_disconnect', f'system:capture_{port}', f'perigee:mic_{port}')
        cue, main = (server.round_trip('perigee:mic_1', f'perigee:{port}_1') for port in ('cue', 'main'))
        print(f'jack_iodelay: {cue:.3f} frames through cue, {main:.3f} through main: {main - cue:.3f} more')
        # The high-pass at 120 Hz turns the phase of the tones that jack_iodelay measures with, by less than this.
        assert abs(main - cue - 240) < 0.5
        assert perigee.end() == 0, perigee.text()
