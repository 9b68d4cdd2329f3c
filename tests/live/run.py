# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""`perigee run` as a musician meets it: how it starts, what it says, how it ends."""

import os
import re
import signal
import subprocess
import tempfile
import time

from jackd import EXAMPLES, PERIGEE, Process, Server, wait_for

HELLO = f'{EXAMPLES}/hello.lua'
FIRST_SOUND = os.environ['FIRST_SOUND']
NO_SERVER = dict(os.environ, JACK_DEFAULT_SERVER='perigee-no-such')


def patch(folder, name, text):
    with open(f'{folder}/{name}', 'w') as file:
        file.write(text)
    return f'{folder}/{name}'


def ends(process, code, *says):
    assert process.wait() == code, (process.process.returncode, process.text())
    for text in says:
        assert text in process.text(), process.text()


with tempfile.TemporaryDirectory() as folder:
    bad = patch(folder, 'bad.lua', 'tone = sine(440) * db(-20)\noutput("main", tune)\noutput("cue", tone:lowpass(-1))\n')
    mistakes = (f'{bad}:2: tune is not defined: did you mean tone?', f'{bad}:3: lowpass: cutoff -1 Hz is below 1 Hz')

    # Without a server.
    with Process(PERIGEE, 'run', HELLO, env=NO_SERVER) as perigee:
        ends(perigee, 3, 'perigee: there is no JACK server named perigee-no-such: start one', '--driver dummy', 'pw-jack')
        assert len(perigee.text().splitlines()) == 1, perigee.text()
    with Process(PERIGEE, 'run', f'{folder}/none.lua', env=NO_SERVER) as perigee:
        ends(perigee, 1, f'{folder}/none.lua: it cannot be read: No such file or directory')
    with Process(PERIGEE, 'run', bad, '--driver', 'dummy', env=NO_SERVER) as perigee:
        ends(perigee, 1, *mistakes)
    with Process(PERIGEE, 'run', HELLO, '--driver', 'dummy', '-r', '44100', '-p', '441', env=NO_SERVER) as perigee:
        perigee.wait_for_text('44100 Hz, 441 frames a period (10.0 ms), latency 0 frames (0.0 ms)\ninputs: none\noutputs: main\n')
        assert perigee.end(signal.SIGINT) == 0, perigee.text()

    with Server() as server:
        with server.start(PERIGEE, 'run', bad) as perigee:
            ends(perigee, 1, *mistakes)
            assert 'perigee' not in server.lsp()

        # Both names are as the server has them. A second patch of the same name is another user's, as it were.
        elsewhere = dict(server.env, XDG_RUNTIME_DIR=folder)
        with server.perigee(HELLO) as first, \
                server.playing(Process(PERIGEE, 'run', HELLO, env=elsewhere)) as second, \
                server.perigee(HELLO, '-n', 'synth') as third:
            with server.start(PERIGEE, 'run', HELLO) as again:
                ends(again, 3, 'perigee: a patch runs as "perigee" already: give this one another name with -n\n')
            assert 'JACK client "perigee", ' in first.text(), first.text()
            assert 'JACK client "perigee-01" ("perigee" is taken), ' in second.text(), second.text()
            assert 'JACK client "synth", ' in third.text(), third.text()
            wait_for('the pattern', lambda: set(server.ports()['system:playback_1']) ==
                     {'perigee:main', 'perigee-01:main', 'synth:main'})
            for process, by in ((first, signal.SIGINT), (second, signal.SIGTERM), (third, signal.SIGINT)):
                start = time.monotonic()
                assert process.end(by) == 0, process.text()
                print(f'{by.name}: over after {time.monotonic() - start:.3f} s')
            assert 'main' not in server.lsp()

        with server.perigee(HELLO) as perigee:
            for period in (256, 64):
                server.run('jack_bufsize', str(period))
                perigee.wait_for_text(f'period is now {period} frames')
            for switch in ('y', 'n'):
                server.run('jack_freewheel', switch)
            assert perigee.end() == 0, perigee.text()

        # What goes wrong is said while it plays, probes when it ends.
        faulty = patch(folder, 'faulty.lua', 'big = sine(440) * 1e30\nhuge = big * big\nlevel = probe(sine(100))\n'
                                             'output("main", huge + sine(440) * db(-20))\n')
        with server.perigee(faulty) as perigee:
            perigee.wait_for_text('perigee: multiply "huge" made NaN or infinity: silenced and reset\n')
            assert perigee.end() == 0
            assert re.search(r'\nprobe "level": min -?[\d.]+, max [\d.]+, rms [\d.]+\n', perigee.text()), perigee.text()

        # Printed, not judged: a busy machine is slow.
        for start in range(3):
            print('first sound after', server.run(FIRST_SOUND, 'perigee:main', PERIGEE, 'run', HELLO).splitlines()[-1])

        with server.perigee(HELLO) as perigee:
            server.end(signal.SIGKILL)
            ends(perigee, 3, 'perigee: the audio server is gone')
            print(perigee.text())
