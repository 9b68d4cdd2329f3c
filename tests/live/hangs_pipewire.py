# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PipeWire that hangs (SIGSTOP) keeps no signal from ending `perigee run`, at the start, while it plays and at the
end, and code is answered."""

import os
import signal
import subprocess
import tempfile

from pipewired import PipeWire
from jackd import PATIENCE, PERIGEE, Process, wait_for

SOCKET = os.environ['XDG_RUNTIME_DIR'] + '/perigee/perigee.sock'

with PipeWire() as server, Process('wireplumber') as manager, tempfile.TemporaryDirectory() as folder:
    server.add_sink()
    patch = f'{folder}/patch.lua'
    with open(patch, 'w') as file:
        file.write('output("main", sine(440) * db(-20))\n')

    def stop():
        server.process.send_signal(signal.SIGSTOP)

    def go_on():
        server.process.send_signal(signal.SIGCONT)

    stop()
    with server.start(PERIGEE, 'run', patch) as perigee:
        wait_for('the socket', lambda: os.path.exists(SOCKET))
        assert perigee.end(signal.SIGINT) == 0, perigee.text()
    with server.start(PERIGEE, 'run', patch) as perigee:
        assert perigee.wait() == 3, perigee.text()
        print(perigee.text())
        assert 'the JACK server does not answer' in perigee.text()
    go_on()

    with server.perigee(patch, '--watch') as perigee:
        stop()
        with open(patch, 'a') as file:
            file.write('output("more", sine(440) * db(-20))\n')
        perigee.wait_for_text('kept')
        done = subprocess.run([PERIGEE, 'send', '-e', '1 + 1'], timeout=PATIENCE, stdout=subprocess.PIPE, text=True)
        assert done.stdout.strip() == '2', done
        go_on()
        wait_for('the port', lambda: 'perigee:more' in server.lsp())
        assert perigee.end() == 0, perigee.text()

    with server.perigee(patch) as perigee:
        stop()
        code = perigee.end(signal.SIGINT)
        print(code, perigee.text())
        assert code in (0, 3)
        go_on()
