# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A patch that plays is saved in every way that editors know. Each save is answered, and no wire of JACK's is lost."""

import os
import re
import signal
import tempfile
import time

from jackd import Server, wait_for

LONG_PAUSE = 0.05  # seconds without a write, after which a file that is still open counts as saved


class Ear:
    """Hears each line that perigee says once; that a period was late, on a machine that is busy, is not meant for it."""

    def __init__(self, process):
        self.process = process
        self.heard = len(self.lines())

    def lines(self):
        whole = self.process.text().rpartition('\n')[0]
        return [line for line in whole.split('\n') if not re.fullmatch(r'perigee: \d+ periods? (was|were) late; .*', line)]

    def said(self):
        return ''.join(f'{line}\n' for line in self.lines()[self.heard:])

    def hears(self, *texts):
        """Waits until all of it has been said; returns everything that was said since."""
        try:
            wait_for(texts, lambda: all(text in self.said() for text in texts))
        except AssertionError:
            raise AssertionError(f'waited in vain for {texts}, heard {self.said()!r}')
        said = self.said()
        self.heard += said.count('\n')
        return said

    def hears_only(self, text):
        said = self.hears(text)
        assert said == text, said

    def hears_save(self, kept, new, gone, *details):
        """One save, and nothing else."""
        said = self.hears(f'kept {kept}, new {new}, gone {gone}\n', *details)
        assert said.startswith('kept ') and said.count('kept ') == 1 and 'perigee: ' not in said, said


    def hears_doubtful_save(self, why, kept, new, gone, *details):
        """One that may be half of it, and is taken at the second look."""
        said = self.hears(f'kept {kept}, new {new}, gone {gone}\n', *details)
        assert said.startswith(f'{why}: the previous version keeps playing; looking again in 1 s\nkept '), said
        assert said.count('kept ') == 1, said


def script(hz, more=''):
    return f'mic = input("mic")\ntone = sine({hz}) * db(-20)\noutput("main", tone + mic){more}\n'


class Slow(Exception):
    """The machine was so busy that half a file may have been taken for a save: no fault of anybody's."""


def write(path, *parts):
    """In place, or anew; in parts, with a pause that is too short to count."""
    start = time.monotonic()
    with open(path, 'w') as file:
        for i, part in enumerate(parts):
            if i > 0:
                time.sleep(LONG_PAUSE / 4)
            file.write(part)
            file.flush()
    if time.monotonic() - start > LONG_PAUSE * 3 / 4:
        raise Slow


UNCHANGED = 'perigee: nothing is changed, the patch before plays on\n'


def hz(before, after):
    return f'(line 2): hz {before} Hz → {after} Hz\n'


def watched(server, folder):
    patch = f'{folder}/patch.lua'
    write(patch, script(440))
    with server.perigee(patch, '--watch', '-v') as perigee:
        ear = Ear(perigee)
        server.connect('system:capture_1', 'perigee:mic')
        server.connect('perigee:main', 'system:playback_1')
        with server.start('stdbuf', '-oL', 'jack_evmon') as events:
            wait_for('jack_evmon', lambda: 'Graph reordered' in events.text() or 'Client' in events.text())

            write(patch, script(441))
            ear.hears_save(5, 0, 0, hz(440, 441))

            write(f'{folder}/.new', script(442))
            os.replace(f'{folder}/.new', patch)
            ear.hears_save(5, 0, 0, hz(441, 442))

            os.rename(patch, f'{patch}~')
            write(patch, script(443))
            ear.hears_save(5, 0, 0, hz(442, 443))

            os.remove(patch)
            write(patch, script(444))
            ear.hears_save(5, 0, 0, hz(443, 444))

            # Gone for a while: nothing is said of that.
            os.remove(patch)
            time.sleep(4 * LONG_PAUSE)
            write(patch, script(445))
            ear.hears_save(5, 0, 0, hz(444, 445))

            # Half of it is no Lua, but nobody looks at that.
            for now in range(446, 450):
                text = script(now)
                write(patch, text[:len(text) // 2], text[len(text) // 2:])
                ear.hears_save(5, 0, 0, hz(now - 1, now))

            # Mistakes, all of them, by file and line; and what is mended again.
            write(patch, script(now).replace('tone + mic', 'tune + mic') + 'output("cue", tone:lowpass(-1))\n')
            ear.hears_only(f'{patch}:3: tune is not defined: did you mean tone?\n'
                           f'{patch}:4: lowpass: cutoff -1 Hz is below 1 Hz\n' + UNCHANGED)
            write(patch, 'while true do end\n')
            ear.hears_only(f'{patch}:1: stopped: it ran for more than 2 s\n' + UNCHANGED)
            write(patch, script(now))
            ear.hears_save(5, 0, 0)

            # A module: it is missing, comes, changes, has a mistake, is gone, and is back.
            module = f'{folder}/lib/tune.lua'
            os.mkdir(f'{folder}/lib')
            write(patch, script('require("lib.tune")'))
            ear.hears_only(f'{patch}:2: there is no module "lib.tune" beside the patch or in the library\n' + UNCHANGED)
            write(module, f'return {now}')
            ear.hears_save(5, 0, 0)
            write(module, 'return 220')
            ear.hears_save(5, 0, 0, hz(now, 220))
            write(module, 'return 22O')
            ear.hears(f'{module}:1: malformed number near', UNCHANGED)
            os.remove(module)
            write(patch, script('require("lib.tune")'))
            ear.hears_only(f'{patch}:2: there is no module "lib.tune" beside the patch or in the library\n' + UNCHANGED)
            write(module, 'return 330')
            ear.hears_save(5, 0, 0, hz(220, 330))

            # Ports come and go beside those that stay.
            write(patch, script(330, '\noutput("cue", square(55):lowpass(200))'))
            ear.hears_save(5, 3, 0, '+ square', '+ lowpass', '+ output')
            wait_for('another port', lambda: 'perigee:cue' in server.ports())
            server.connect('perigee:cue', 'system:playback_2')
            write(patch, script(330))
            ear.hears_doubtful_save(f'{patch} is the beginning of what plays', 5, 0, 3, '− square', '− lowpass', '− output')
            wait_for('the port to go', lambda: 'perigee:cue' not in server.ports())

            # There is no room for so many ports.
            many = ''.join(f'output("many{i}", lanes(1000, function() return 1 end))\n' for i in range(5))
            write(patch, script(330) + many)
            said = ear.hears(UNCHANGED)
            assert re.match(rf'{patch}:\d: "many\d" needs 1000 ports of JACK, and there is room for ', said), said
            wait_for('all new ports to go', lambda: 'many' not in server.lsp())
            write(patch, script(331))
            ear.hears_save(5, 0, 0, hz(330, 331))

            # All this time the wires that were made by hand stayed.
            assert server.ports()['perigee:main'] == ['system:playback_1'], server.ports()
            assert server.ports()['perigee:mic'] == ['system:capture_1'], server.ports()
            events.end()
            cut = [line for line in events.text().splitlines() if 'disconnected' in line]
            print('\n'.join(cut))
            assert len(cut) == 1, events.text()  # the port that went
        assert perigee.end() == 0, perigee.text()


def hung_up(server, folder):
    """Without --watch only SIGHUP has the patch loaded again."""
    patch = f'{folder}/patch.lua'
    write(patch, script(440))
    with server.perigee(patch) as perigee:
        ear = Ear(perigee)
        for tone in (441, 442):
            write(patch, script(tone - 100))
            time.sleep(4 * LONG_PAUSE)
            write(patch, script(tone))
            perigee.process.send_signal(signal.SIGHUP)
            ear.hears_save(5, 0, 0)
        write(patch, script('tune'))
        perigee.process.send_signal(signal.SIGHUP)
        ear.hears_only(f'{patch}:2: tune is not defined: did you mean tone?\n' + UNCHANGED)
        assert perigee.end() == 0, perigee.text()


def halves(server, folder):
    """Emptied, and full later than anybody waits for a file: the patch plays on, with its state."""
    patch = f'{folder}/patch.lua'
    count = 'state.n = (state.n or 0) + 1\nprint("n", state.n)\n'
    write(patch, count + script(440))
    for options in (['--watch'], []):
        with server.perigee(patch, *options) as perigee:
            ear = Ear(perigee)
            empty = f'{patch} is empty: the previous version keeps playing; looking again in 1 s\n'
            hang_up = (lambda: None) if options else (lambda: perigee.process.send_signal(signal.SIGHUP))
            for n in (2, 3):
                open(patch, 'w').close()
                hang_up()
                ear.hears_only(empty)
                write(patch, count + script(440 + n))
                ear.hears_only(f'n\t{n}\nkept 5, new 0, gone 0\n')
            # The beginning, which is a patch, too.
            write(patch, f'{count}mic = input("mic")\n')
            hang_up()
            said = ear.hears('looking again in 1 s\n')
            assert said.startswith(f'n\t4\n{patch} is '), said
            write(patch, count + script(440))
            ear.hears_only('n\t4\nkept 5, new 0, gone 0\n')
            # Meant so.
            open(patch, 'w').close()
            hang_up()
            said = ear.hears('kept 0, new 0, gone 5\n')
            assert said.startswith(empty), said
            write(patch, count + script(440))
            hang_up()
            ear.hears('kept 0, new 5, gone 0\n')
            assert perigee.end() == 0, perigee.text()


with Server(sync=True) as server:
    for scene in (watched, hung_up, halves):
        for last in 5 * [False] + [True]:
            with tempfile.TemporaryDirectory() as folder:
                try:
                    scene(server, folder)
                    break
                except Slow:
                    print('once more: this machine is busy')
                    assert not last
