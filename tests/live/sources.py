# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saves, SIGHUP, undo and redo come at once, from several sides, faster than they can be heard: all is answered, and the
last save is what plays."""

import os
import random
import re
import signal
import tempfile
import threading
import time

from jackd import PERIGEE, Process, wait_for

SECONDS = 4


def script(number):
    effect = ['', ':lag(300)', ':delay(0.1, { feedback = 0.5 })', ':fade(0.5)', ':pan(0.2):mix()'][number % 5]
    return f'tone = sine({100 + number % 7}){effect}\nother = saw({50 + number % 3}):lowpass(300)\n' \
           f'output("main", (tone + other) * 0.1)\n' + ('output("more", other)\n' if number % 2 else '')


def saves(path, end, seed):
    generator = random.Random(seed)
    while time.monotonic() < end:
        with open(f'{path}.{seed}', 'w') as file:
            file.write(script(generator.randrange(1000)) if generator.random() < 0.9 else 'output(')
        os.rename(f'{path}.{seed}', path)
        time.sleep(generator.uniform(0, 0.03))


def signals(perigee, end, seed):
    generator = random.Random(seed)
    while time.monotonic() < end:
        perigee.process.send_signal(generator.choice([signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2]))
        time.sleep(generator.uniform(0, 0.02))


with tempfile.TemporaryDirectory() as folder:
    path = f'{folder}/patch.lua'
    with open(path, 'w') as file:
        file.write(script(0))
    with Process(PERIGEE, 'run', path, '--driver', 'dummy', '--watch') as perigee:
        perigee.wait_for_text('outputs:')
        end = time.monotonic() + SECONDS
        both = [threading.Thread(target=saves, args=(path, end, 1)), threading.Thread(target=saves, args=(path, end, 2)),
                threading.Thread(target=signals, args=(perigee, end, 3))]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        time.sleep(0.5)
        # One more port than any of those before: it is there when its save is answered.
        with open(path, 'w') as file:
            file.write('tone = sine(440)\noutput("main", tone)\n' + ''.join(f'output("p{i}", tone)\n' for i in range(8)))
        wait_for('the last save', lambda: re.search(r'^kept \d+, new [89], gone \d+$|^kept \d+, new 1\d, gone \d+$',
                                                    perigee.text(), re.M))
        answers = {what: len(re.findall(f'^{what}', perigee.text(), re.M)) for what in ('kept', 'undo: kept', 'redo: kept')}
        print(answers)
        assert answers['kept'] > 10 and answers['undo: kept'] > 2 and answers['redo: kept'] > 0, answers
        assert 'made NaN' not in perigee.text(), perigee.text()
        assert perigee.end() == 0, perigee.text()
