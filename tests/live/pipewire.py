# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same client under PipeWire, through pw-jack: sound goes through, bit for bit, ports are connected by pattern, and
latency shows. Starts itself anew inside a D-Bus session with a runtime folder of its own."""

import os
import subprocess
import sys
import tempfile

if '--inside' not in sys.argv:
    with tempfile.TemporaryDirectory() as folder:  # mode 0700
        env = dict(os.environ, XDG_RUNTIME_DIR=folder, XDG_CONFIG_HOME=folder, XDG_STATE_HOME=folder)
        env.pop('LD_PRELOAD', None)
        env.pop('PIPEWIRE_REMOTE', None)
        sys.exit(subprocess.run(['dbus-run-session', '--', sys.executable, *sys.argv, '--inside'], env=env).returncode)

from jackd import LOOPBACK, PLAYER, Process, Server, noise, read_wav, wait_for, write_wav

LAG = 240
FRAMES = 24000
SINK = '{ factory.name=support.null-audio-sink node.name=null-sink media.class=Audio/Sink object.linger=true ' \
       'audio.position=[FL FR] }'


class PipeWire(Server):
    """Speaks to PipeWire with the tools of JACK."""

    def __init__(self):
        self.env = dict(os.environ)
        Process.__init__(self, 'pipewire')
        wait_for('PipeWire', lambda: os.path.exists(os.environ['XDG_RUNTIME_DIR'] + '/pipewire-0'))

    def run(self, *command):
        return super().run('pw-jack', *command)

    def play(self, patch):
        player = Process('pw-jack', PLAYER, patch, env=self.env)
        player.wait_for_text('outputs:')
        return player


def longest_common_run(got, reference):
    """How many frames in a row are the same. An overloaded machine loses some: PipeWire waits for nobody."""
    best = run = 0
    for a, b in zip(got, reference):
        run = run + 1 if a == b else 0
        best = max(best, run)
    return best


with PipeWire() as server, Process('wireplumber') as manager, tempfile.TemporaryDirectory() as folder:
    wait_for('the session manager', lambda: 'WirePlumber' in subprocess.check_output(['pw-cli', 'ls', 'Client'], text=True))
    print(subprocess.check_output(['pw-cli', 'create-node', 'adapter', SINK], text=True))
    wait_for('the null sink', lambda: 'null-sink:playback_FR' in server.lsp())

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
