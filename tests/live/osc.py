# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""OSC from outside: parameters of a patch that runs without a server are set at once and at their time, and what is no
good is refused, counted and told, while the patch plays on."""

import os
import random
import re
import shutil
import socket
import subprocess
import tempfile
import time

from jackd import PERIGEE, Process, wait_for
from osc_bytes import bundle, message

PATCH = '''
level = param{ 0.25, 0, 2 }
seen = level:probe()
later = param{ 0.5, 0, 2 }
late = later:probe()
tone = sine(440) * 0.1
output("main", seen + late + tone)
'''


def run(patch, *options):
    return Process(PERIGEE, 'run', patch, '--driver', 'dummy', *options)


with tempfile.TemporaryDirectory() as folder:
    patch = os.path.join(folder, 'patch.lua')
    with open(patch, 'w') as file:
        file.write(PATCH)

    with run(patch, '--osc', '0') as perigee:
        perigee.wait_for_text('OSC at 127.0.0.1:')
        port = int(re.search(r'OSC at 127\.0\.0\.1:(\d+)\n', perigee.text())[1])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.connect(('127.0.0.1', port))
            if shutil.which('oscsend'):
                subprocess.run(['oscsend', 'localhost', str(port), '/perigee/level', 'f', '1.25'], check=True)
            else:
                sender.send(message('/perigee/level', 'f', 1.25))
            sender.send(bundle(time.time() + 0.5, message('/perigee/later', 'ff', 1.75, 0.0)))
            refused = 0
            sender.send(message('/perigee/level', 'f', 99))
            refused += 1
            perigee.wait_for_text('perigee: OSC: refused 1 from 127.0.0.1:')
            perigee.wait_for_text('/perigee/level: value 99 is above 2')
            generator = random.Random(1)
            for size in range(500):
                sender.send(bytes(generator.randrange(1, 256) for _ in range(size)))
                refused += 1
                time.sleep(0.001)  # so that no buffer is full
            wait_for('all to be counted',
                     lambda: sum(map(int, re.findall(r'OSC: refused (\d+) from', perigee.text()))) == refused)
            told = perigee.text().count('OSC: refused')
            assert told < 30, perigee.text()
            time.sleep(0.7)
        assert perigee.end() == 0, perigee.text()
        assert f'OSC: refused {refused} in all' in perigee.text(), perigee.text()
        # Where the probes have been: from what the patch says to what was sent.
        assert re.search(r'probe "seen": min 0.25\S*, max 1.25,', perigee.text()), perigee.text()
        assert re.search(r'probe "late": min 0.5\S*, max 1.75,', perigee.text()), perigee.text()

    # A port that is taken, and what is no address.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(('127.0.0.1', 0))
        taken = str(other.getsockname()[1])
        with run(patch, '--osc', taken) as perigee:
            assert perigee.wait() == 3, perigee.text()
            assert f'OSC cannot listen at 127.0.0.1 port {taken}: Address already in use' in perigee.text(), perigee.text()
    for bad in 'nine', '70000', ':9000', '-1':
        with run(patch, '--osc=' + bad) as perigee:
            assert perigee.wait() == 2, perigee.text()
            assert f'--osc {bad}: it takes a port' in perigee.text(), perigee.text()

    # Without the option nobody listens.
    with run(patch) as perigee:
        perigee.wait_for_text('outputs:')
        with open(f'/proc/{perigee.process.pid}/net/udp') as table:
            sockets = {line.split()[9] for line in table.readlines()[1:]}
        own = [os.readlink(f'/proc/{perigee.process.pid}/fd/{fd}') for fd in os.listdir(f'/proc/{perigee.process.pid}/fd')]
        assert not any(one == f'socket:[{inode}]' for one in own for inode in sockets), own
        assert perigee.end() == 0, perigee.text()
