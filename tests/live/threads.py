# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""`perigee run --threads 2`: a real JACK server hears what one thread renders, bit for bit; also after saves, under the
guard, and it ends as ever, with the server or before it."""

import os
import signal
import subprocess
import sys
import tempfile

from jackd import PERIGEE, Process, Server, noise, read_wav, wait_for, write_wav

FRAMES = 24000
# Nothing in it sounds by itself or for long, so that it does not matter what it played before.
PATCH = '''
mic = input("mic", 2)
ways = {}
for i = 1, WAYS do
  ways[i] = mic:lowpass(500 + 20 * i):highpass(300 + i):peak(900 + 5 * i, 3) * 0.02
end
output("main", sum(ways))
'''

if len(os.sched_getaffinity(0)) < 2:
    print('one processor: nothing to share')
    sys.exit(77)

with tempfile.TemporaryDirectory() as folder:
    source, recorded, expected, script = (f'{folder}/{name}' for name in ('in.wav', 'out.wav', 'ref.wav', 'patch.lua'))
    write_wav(source, noise(2, FRAMES, seed=20261121))

    def save(ways):
        with open(script, 'w') as file:
            file.write(PATCH.replace('WAYS', str(ways)))

    def reference():
        subprocess.run([PERIGEE, 'render', script, '-i', source, '-o', expected, '--raw'], check=True,
                       stdout=subprocess.DEVNULL)
        return read_wav(expected)

    def check(server, what):
        text = server.loopback(source, ['perigee:mic_1', 'perigee:mic_2'], recorded, ['perigee:main_1', 'perigee:main_2'])
        got, wanted = read_wav(recorded), reference()
        assert max(wanted[0]) > 0.05, 'the reference is silent'
        for lane in (0, 1):
            same = [a == b for a, b in zip(got[lane], wanted[lane])]
            assert len(got[lane]) == FRAMES and all(same), f'{what}: lane {lane + 1} differs from {same.index(False)} on'
        print(f'{what}: {FRAMES} frames identical, {text.splitlines()[-1]}')

    save(200)
    for guarded in (False, True):
        with Server(sync=True) as server:
            with server.perigee(script, '--threads', '2', guarded=guarded) as perigee:
                assert '\n2 threads: about ' in perigee.text(), perigee.text()
                print(perigee.text())
                for period in (64, 256, 1024):
                    server.run('jack_bufsize', str(period))
                    check(server, f'{"guarded, " if guarded else ""}period {period}')
                # Each process knows its threads by the kernel's list.
                assert len(os.listdir(f'/proc/{perigee.process.pid}/task')) > 2
                for ways in (150, 200):
                    save(ways)
                    before = perigee.text().count('kept')
                    perigee.process.send_signal(signal.SIGHUP)
                    wait_for('the save', lambda: perigee.text().count('kept') > before)
                assert perigee.end(signal.SIGINT) == 0, perigee.text()
                assert 'guard' not in perigee.text(), perigee.text()

    with Server() as server, server.perigee(script, '--threads', 'auto') as perigee:
        server.end(signal.SIGKILL)
        assert perigee.wait() == 3, perigee.text()
        assert 'perigee: the audio server is gone' in perigee.text(), perigee.text()
    with Process(PERIGEE, 'run', script, '--driver', 'dummy', '--threads', '2') as perigee:
        perigee.wait_for_text('\n2 threads: about ')
        assert perigee.end() == 0, perigee.text()
    with Process(PERIGEE, 'run', script, '--threads', 'many') as perigee:
        assert perigee.wait() == 2, perigee.text()
        assert 'many is neither 1 to 16 nor auto' in perigee.text(), perigee.text()
