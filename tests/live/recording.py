# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A voice, through examples/compensate.lua: rendered, and as a server hears it."""

import array
import json
import subprocess
import wave

from jackd import EXAMPLES, PERIGEE, read_wav, wait_for, write_wav

VOICE = '/usr/share/sounds/alsa/Front_Center.wav'  # Debian's alsa-utils: 16 bit, mono, 48 kHz
PATCH = f'{EXAMPLES}/compensate.lua'


def take(folder):
    """The voice in two lanes, as its file says: a 16-bit sample is a multiple of 1/32768."""
    with wave.open(VOICE) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 48000)
        voice = [sample / 32768 for sample in array.array('h', file.readframes(file.getnframes()))]
    assert max(voice) > 0.1, 'the recording is silent'
    write_wav(f'{folder}/take.wav', [voice, voice])
    return f'{folder}/take.wav'


def rendered(folder):
    """Lanes main_1, main_2, cue_1, cue_2. The patch's latency is kept."""
    main, cue = f'{folder}/main.wav', f'{folder}/cue.wav'
    print(subprocess.check_output([PERIGEE, 'render', PATCH, '-i', f'mic={VOICE}', '-o', f'main={main}', '-o',
                                   f'cue={cue}', '--raw'], text=True))
    lanes = [*read_wav(main), *read_wav(cue)]
    assert len(lanes) == 4 and max(lanes[0]) > 0.1, 'the render is silent'
    return lanes


def heard(server, folder, source):
    text = server.loopback(source, ['perigee:mic_1', 'perigee:mic_2'], f'{folder}/heard.wav',
                           [f'perigee:{port}_{lane}' for port in ('main', 'cue') for lane in (1, 2)])
    return read_wav(f'{folder}/heard.wav'), text.splitlines()[-1]


def check_latency(server, hardware=None):
    """What jack_lsp -l says of the outputs, beyond the hardware's own, is what `perigee graph` does."""
    graph = json.loads(subprocess.check_output([PERIGEE, 'graph', PATCH, '-f', 'json'], stderr=subprocess.DEVNULL))
    planned = {out['port']: (out['latency_min'], out['latency_max']) for out in graph['outputs']}
    assert planned == {'main': (240, 240), 'cue': (0, 0)}, planned

    def agree():
        told = server.latencies()
        before = told[hardware][0] if hardware else (0, 0)
        return all(told[f'perigee:{port}_{lane}'][0] == tuple(a + b for a, b in zip(before, latency))
                   for port, latency in planned.items() for lane in (1, 2))
    wait_for('the latency that the graph shows', agree)
    print('planned', planned, 'told', {port: told[0] for port, told in server.latencies().items() if 'capture' in port
                                       or 'perigee' in port})
