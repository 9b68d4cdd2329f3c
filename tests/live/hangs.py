# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that hangs (SIGSTOP): `perigee run` says so at the start, and is stopped by a signal at any time; while it
plays, code is answered and saves are taken, and when the server goes on, so does all else. Nor does one that is killed
meanwhile hold it up."""

import os
import signal
import subprocess
import tempfile
import time

from jackd import PATIENCE, PERIGEE, Server, wait_for

TONE = 'output("main", sine(440) * db(-20), "system:playback_1")\n'
MORE = TONE + 'output("more", sine(880) * db(-20), "system:playback_2")\nroute("perigee:main", "system:playback_2")\n'
NOT_ANSWERING = 'perigee: the JACK server does not answer'


def ends(perigee, code, by=None):
    if by is not None:
        perigee.process.send_signal(by)
    assert perigee.wait() == code, (perigee.process.returncode, perigee.text())
    assert perigee.process.returncode >= 0, perigee.text()
    return perigee.text()


def answers(server, patch_name='perigee'):
    """Without the server. JACK's ports are what they were."""
    def ask(code):
        start = time.monotonic()
        done = subprocess.run([PERIGEE, 'send', '-n', patch_name, '-e', code], env=server.env, timeout=PATIENCE,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        print(f'{code}: {done.stdout.strip()!r} after {time.monotonic() - start:.3f} s')
        return done.stdout.strip()
    assert ask('1 + 1') == '2'
    assert ask('#jack.ports("system:playback_*")') == '2'
    ask('jack.connect("perigee:main", "system:playback_2")')
    assert ask('2 + 2') == '4'


with tempfile.TemporaryDirectory() as folder:
    patch = f'{folder}/patch.lua'

    def write(text):
        with open(patch, 'w') as file:
            file.write(text)

    class Stopped:
        def __init__(self, process):
            self.process = process

        def __enter__(self):
            self.process.send_signal(signal.SIGSTOP)

        def __exit__(self, *_):
            self.process.send_signal(signal.SIGCONT)

    write(TONE)
    with Server(period=256) as server:
        # At the start.
        with Stopped(server.process), server.start(PERIGEE, 'run', patch) as perigee:
            assert NOT_ANSWERING in ends(perigee, 3)
        for by in (signal.SIGINT, signal.SIGTERM):
            with Stopped(server.process), server.start(PERIGEE, 'run', patch) as perigee:
                # Its socket is there before it asks the server.
                wait_for('the socket', lambda: os.path.exists(os.environ['XDG_RUNTIME_DIR'] + '/perigee/perigee.sock'))
                assert NOT_ANSWERING not in ends(perigee, 0, by)
        with Stopped(server.process):
            doctor = subprocess.run([PERIGEE, 'doctor'], env=server.env, timeout=PATIENCE, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True)
            assert 'the JACK server does not answer' in doctor.stdout, doctor.stdout

        # While it plays.
        with server.perigee(patch, '--watch') as perigee:
            wait_for('the wire', lambda: server.ports()['perigee:main'] == ['system:playback_1'])
            with Stopped(server.process):
                answers(server)
                write(MORE)
                perigee.wait_for_text('kept 3, new 3, gone 0; routes: new 1, gone 0')
                answers(server)
            wait_for('what was asked for meanwhile', lambda: {port: sorted(peers) for port, peers in server.ports().items()
                                                              if port.startswith('perigee')} ==
                     {'perigee:main': ['system:playback_1', 'system:playback_2'], 'perigee:more': ['system:playback_2']})
            write(TONE)
            wait_for('the port to go', lambda: 'perigee:more' not in server.lsp())
            assert perigee.end() == 0, perigee.text()

        # At the end; the second signal ends the wait.
        for signals in (1, 2):
            with server.perigee(patch) as perigee:
                with Stopped(server.process):
                    perigee.process.send_signal(signal.SIGINT)
                    if signals == 2:
                        wait_for('the socket to go', lambda: perigee.process.poll() is not None or not os.path.exists(
                            os.environ['XDG_RUNTIME_DIR'] + '/perigee/perigee.sock'))
                        perigee.process.send_signal(signal.SIGTERM)
                    assert NOT_ANSWERING in ends(perigee, 3)
            wait_for('the server to see that it has gone', lambda: 'perigee:' not in server.lsp())

    # A server that is killed: at the start, while it plays, while a save waits for it, at the end.
    for when in ('start', 'playing', 'saving', 'end'):
        write(TONE)
        with Server(period=256) as server:
            if when == 'start':
                server.process.send_signal(signal.SIGSTOP)
                with server.start(PERIGEE, 'run', patch) as perigee:
                    wait_for('the socket',
                             lambda: os.path.exists(os.environ['XDG_RUNTIME_DIR'] + '/perigee/perigee.sock'))
                    server.process.kill()
                    assert 'perigee: ' in ends(perigee, 3)
                continue
            with server.perigee(patch, '--watch') as perigee:
                server.process.send_signal(signal.SIGSTOP)
                if when == 'saving':
                    write(MORE)
                    perigee.wait_for_text('kept 3, new 3, gone 0')
                if when == 'end':
                    perigee.process.send_signal(signal.SIGINT)
                server.process.kill()
                text = ends(perigee, 3) if when != 'end' else f'{perigee.wait()}: {perigee.text()}'
                print(when, text)
                if when == 'end':
                    assert perigee.process.returncode in (0, 3), text
                else:
                    assert 'perigee: the audio server is gone' in text
