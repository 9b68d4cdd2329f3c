# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports by the hundred: while a save registers them, loops play on time and code is answered; more than there is room for
are a mistake by line, and none is registered; they come and go beside others' without an end."""

import json
import os
import re
import signal
import socket
import tempfile
import threading
import time

from jackd import PORTS, Server, wait_for

MANY = 300
SPACING = 2400  # frames: 50 ms
PATCH = '''
tempo(60)
output("main", sine(440) * db(-20))
synth = midi_out("synth", "dump:*")
notes = loop(1/20, function() synth:note(60, 1, 1/40) end)
'''
ROOM = 2047 - 31


def lanes(name, count):
    return f'output("{name}", lanes({count}, function(i) return i / 1e6 end))\n'


class Asking(threading.Thread):
    """Has code answered without a pause, and keeps how long each answer took."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seconds, self.over = [], False

    def run(self):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(os.environ['XDG_RUNTIME_DIR'] + '/perigee/perigee.sock')
            lines = connection.makefile('rw')
            while not self.over:
                start = time.monotonic()
                lines.write('{"run":"1 + 1"}\n')
                lines.flush()
                assert json.loads(lines.readline())['value'] == '2'
                self.seconds.append(time.monotonic() - start)
                time.sleep(0.005)


with tempfile.TemporaryDirectory() as folder:
    patch = f'{folder}/patch.lua'

    def write(text):
        with open(patch, 'w') as file:
            file.write(text)

    def count(name):
        return server.lsp().count(f'perigee:{name}_')

    write(PATCH)
    # A cycle waits for its clients, so that no note is lost on a slow machine.
    with Server(period=256, sync=True) as server, server.start('stdbuf', '-oL', 'jack_midi_dump', '-a', 'dump') as dump:
        wait_for('the dump', lambda: 'dump:' in server.lsp())
        with server.perigee(patch, '--watch', '--ahead', '0.5') as perigee:
            def starts():
                return [int(frame) for frame in re.findall(r'^\s*(\d+): 90 3c', dump.text(), re.MULTILINE)]
            wait_for('notes', lambda: len(starts()) > 10)
            asking = Asking()
            asking.start()
            for text, there in ((PATCH + lanes('many', MANY), MANY), (PATCH, 0)) * 2:
                asked = len(asking.seconds)
                start = time.monotonic()
                write(text)
                wait_for(f'{there} ports', lambda: count('many') == there)
                wait_for('answers and notes', lambda: len(asking.seconds) > asked + 10)
                print(f'{there} ports after {time.monotonic() - start:.2f} s, {len(asking.seconds) - asked} answers, '
                      f'the last after {max(asking.seconds[asked:]):.4f} s')
            asking.over = True
            asking.join()
            first = len(starts())
            wait_for('more notes', lambda: len(starts()) > first + 10)
            gaps = {b - a for a, b in zip(starts(), starts()[1:])}
            print(f'{len(starts())} notes, {gaps} frames from one to the next')
            assert gaps == {SPACING}, starts()

            # More than a client has, and more than there are beside others.
            for text, said in ((lanes('many', 5000), r':6: "many" needs 5000 ports of JACK, and there is room for \d+:'),
                               (lanes('some', 10) + lanes('x', 2500), ':7: "x" needs 2500 ports of JACK, and there is')):
                before = server.lsp()
                write(PATCH + text)
                wait_for('the refusal', lambda: re.search(said, perigee.text()))
                assert server.lsp() == before
                assert perigee.text().rstrip().endswith('nothing is changed, the patch before plays on'), perigee.text()
            first = len(starts())
            wait_for('more notes', lambda: len(starts()) > first + 10)
            assert perigee.end() == 0, perigee.text()

    # Others' ports come and go by the hundred, and are kept connected.
    others = [f'-in_{i + 1}' for i in range(200)] + [f'+out_{i + 1}' for i in range(184)]
    write('output("main", sine(440) * db(-20), "other:in_*")\nroute("other:out_*", "other:in_*")\n')
    with Server(period=256) as server, server.perigee(patch, '--watch') as perigee:
        for again in range(2):
            with server.start(PORTS, 'other', *others):
                wait_for('the wires', lambda: len(server.ports().get('perigee:main', [])) == 200)
                asking = Asking()
                asking.start()
                wait_for('answers', lambda: len(asking.seconds) > 10)
                asking.over = True
                asking.join()
                # What a save adds comes and goes beside them.
                with open(patch) as file:
                    text = file.read()
                for more in range(3):
                    write(text + lanes('many', 200))
                    wait_for('the ports', lambda: count('many') == 200)
                    write(text)
                    wait_for('the ports to go', lambda: count('many') == 0)
                write(text + lanes('many', 5000))
                wait_for('the refusal', lambda: 'needs 5000 ports' in perigee.text())
                write(text)
                assert perigee.process.poll() is None, perigee.text()
            wait_for('the others to go', lambda: 'other:' not in server.lsp())
        assert perigee.end(signal.SIGTERM) == 0, perigee.text()
