# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a patch and saves it again and again, while another client listens for clicks and a load stands beside it."""

import os
import random
import re
import shutil
import sys
import time

from jackd import PERIGEE, Process, wait_for

LISTENER = os.environ['LISTENER']
# A click of −80 dB in one frame has a fourth difference of 6e-4. Tones of at most 450 Hz, noise below that, and the
# fades that edits make stay below a third of it.
SMOOTH, CLICK = 2e-4, 1e-4
# Late periods that are told in so many seconds from a save on are beside it. Those that saves have nothing to do with
# fall there by chance, in the same share of the time.
BESIDE = 0.2


class Score:
    """A patch that is edited at random: voices of tones and soft noise, through effects with and without latency."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.serial = 0
        self.voices = [self.voice() for _ in range(3)]

    def voice(self):
        self.serial += 1
        hz = self.random.randint(50, 450)
        sound = self.random.choice([f'sine({hz})', f'sine({hz})',
                                    f'noise{{ seed = {hz} }}:lowpass({hz}):lowpass({hz}):lowpass({hz})'])
        return [f'v{self.serial}', sound, []]

    def effect(self):
        r = self.random
        return r.choice([f':lag({r.randint(1, 3000)})', f':lowpass({r.randint(200, 3000)})',
                         f':gain({-r.randint(1, 12)})', f':delay({r.uniform(0.01, 0.4):.3f}, {{ feedback = 0.5 }})',
                         f':pan({r.uniform(-1, 1):.2f}):mix()', ':compressor()', ':reverb{ size = 0.7 }',
                         ':limiter(-6)', f':fade({r.uniform(0.001, 2):.3f})',
                         f':highpass(30 + lfo({r.uniform(0.1, 2):.2f}) * 10)'])

    def edit(self):
        r = self.random
        voice = r.choice(self.voices)
        what = r.randrange(6)
        if what == 0 and len(self.voices) < 12:
            self.voices.append(self.voice())
        elif what == 1 and len(self.voices) > 1:
            self.voices.remove(voice)
        elif what == 2 and voice[2]:
            voice[2].remove(r.choice(voice[2]))
        elif what == 3 and len(voice[2]) > 1:
            r.shuffle(voice[2])
        elif what == 4:
            voice[1] = self.voice()[1]
        elif len(voice[2]) < 5:
            voice[2].insert(r.randint(0, len(voice[2])), self.effect())

    def text(self):
        lines = [f'{name} = {sound}{"".join(effects)}' for name, sound, effects in self.voices]
        all_voices = ', '.join(name for name, _, _ in self.voices)
        return '\n'.join(lines) + f'\noutput("main", (sum{{ {all_voices} }} * 0.1):mix())\n' \
            'output("clock", sine(50) * 0.5)\n'


def stress(seconds):
    """A load on every processor and its caches, at ordinary priority. None on memory or disks: a virtual machine that
    serves those is away for longer than a period, whoever waits."""
    if shutil.which('stress-ng') is None:
        print('without stress-ng, which is not installed')
        return None
    return Process('stress-ng', '--cpu', str(os.cpu_count()), '--cache', '1', '--timeout', f'{int(seconds)}s')


def periods(perigee):
    """How many came late, as perigee tells, and the most that the patch took of one, in per cent."""
    told = re.findall(r'perigee: (\d+) periods? (?:was|were) late; the patch took (\d+) %', perigee.text())
    return sum(int(count) for count, _ in told), max((int(share) for _, share in told), default=0)


def skip_unless(something_was_heard, heard):
    """No moment without an xrun: the machine is too busy for this test to mean anything."""
    if not something_was_heard:
        print(f'skipped, for no moment was without an xrun: {heard}')
        sys.exit(77)


def check_detector(server):
    """It hears a click that it makes itself, given a moment without xruns."""
    for _ in range(5):
        with server.start(LISTENER, 'perigee:main', 'perigee:clock', '3.2', str(CLICK)) as listener:
            assert listener.process.wait(30) == 0, listener.text()
            heard = numbers(listener)
        if heard['clean'] > 0:
            break
    skip_unless(heard['clean'] > 0, heard)
    assert heard['roughness'] > 2 * SMOOTH, f'the detector heard no click: {heard}'


def soak(server, folder, seconds, seed):
    """Returns what the listener heard, as numbers by name."""
    print(f'seed {seed}, {seconds} s')
    score = Score(seed)
    path = f'{folder}/score.lua'

    def save(by_rename):
        target = f'{folder}/.new' if by_rename else path
        with open(target, 'w') as file:
            file.write(score.text())
        if by_rename:
            os.rename(target, path)

    save(False)
    with server.perigee(path, '--watch') as perigee:
        check_detector(server)
        load = stress(seconds + 5)
        edits = beside = 0
        with server.start(LISTENER, 'perigee:main', 'perigee:clock', str(seconds)) as listener:
            listener.wait_for_text('listening')
            end = time.monotonic() + seconds - 2
            while time.monotonic() < end:
                score.edit()
                edits += 1
                before = periods(perigee)[0]
                saved = time.monotonic()
                save(edits % 2 == 0)
                answers = f'{edits} answers, the last to\n{score.text()}'
                wait_for(answers, lambda: len(re.findall('^kept ', perigee.text(), re.M)) >= edits)
                time.sleep(max(0, saved + BESIDE - time.monotonic()))
                beside += periods(perigee)[0] - before
                time.sleep(max(0, min(saved + 1, end) - time.monotonic()))
            assert listener.process.wait(30) == 0, listener.text()
            heard = numbers(listener)
        if load is not None:
            load.end()
        assert 'score.lua:' not in perigee.text(), perigee.text()
        late, share = periods(perigee)
        memory = re.search(r'VmRSS:\s+(\d+)', open(f'/proc/{perigee.process.pid}/status').read()).group(1)
        heard.update(edits=edits, late=late, beside=beside, share=share, memory=int(memory))
        print(heard)
        assert perigee.end() == 0, perigee.text()
    skip_unless(heard['clean'] > 0, heard)
    assert heard['roughness'] < SMOOTH, heard
    return heard


def numbers(listener):
    line = listener.text().splitlines()[-1]
    return {name: float(number) for name, number in re.findall(r'(roughness|clean|frames|xruns) ([\d.]+)', line)}
