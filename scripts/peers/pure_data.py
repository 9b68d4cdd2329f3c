# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure Data: one canvas, an object for each node, and for each saw what makes one of a phasor~. Vanilla has no low-pass
with a Q that is fed numbers, so biquad~ is given its coefficients."""

import math

from peers.program import Command, Program
from peers.workloads import Branches, Gain, RATE, TONE


def lowpass(stage):
    """Of the bilinear transform, as biquad~ takes them: feedback first, with its sign turned."""
    angle = 2 * math.pi * stage.cutoff / RATE
    alpha = math.sin(angle) / (2 * stage.q)
    a0 = 1 + alpha
    edge = (1 - math.cos(angle)) / 2 / a0
    return 2 * math.cos(angle) / a0, (alpha - 1) / a0, edge, 2 * edge, edge


class Canvas:
    """Objects and what connects them, in the text of a .pd file."""

    def __init__(self, head):
        self._head = head
        self._count = 0
        self._lines = []
        self._wires = []

    def object(self, *words, kind='obj'):
        """Gives its number."""
        texts = [word if isinstance(word, str) else f'{word:.9g}' for word in words]
        at = 20 * self._count  # Pd counts outlets from left to right, as they stand
        self._lines.append(f'#X {kind} {at} {at} {" ".join(texts)};')
        self._count += 1
        return self._count - 1

    def inner(self, canvas):
        """Puts a canvas into this one."""
        self._lines.append(canvas.text() + '\n#X restore 0 0 pd;')
        self._count += 1
        return self._count - 1

    def wire(self, source, sink, outlet=0, inlet=0):
        self._wires.append(f'#X connect {source} {outlet} {sink} {inlet};')

    def after(self, source, *words):
        """An object fed by another."""
        made = self.object(*words)
        self.wire(source, made)
        return made

    def text(self):
        return '\n'.join([self._head, *self._lines, *self._wires])


def graph(workload, block):
    """The workload on a canvas with two outlets. Pd runs 64 frames at a time, unless a canvas says otherwise."""
    canvas = Canvas('#N canvas 0 0 400 400 graph 0;')
    canvas.object('block~', block)
    outlets = [canvas.object('outlet~'), canvas.object('outlet~')]

    def through(source, stages):
        for stage in stages:
            source = canvas.after(source, *(('*~', stage.factor) if isinstance(stage, Gain)
                                            else ('biquad~', *lowpass(stage))))
        return source

    if isinstance(workload, Branches):
        tone = canvas.object('osc~', TONE)
        level = canvas.object('*~', workload.level)
        for stages in workload.branches:
            canvas.wire(through(tone, stages), level)
        for outlet in outlets:
            canvas.wire(level, outlet)
    else:
        for voice in workload.voices:
            saw = canvas.after(canvas.object('phasor~', voice.pitch), '-~', 0.5)
            placed = through(canvas.after(saw, '*~', 2), voice.stages)
            angle = (voice.position + 1) * math.pi / 4
            for outlet, share in zip(outlets, (math.cos(angle), math.sin(angle))):
                canvas.wire(canvas.after(placed, '*~', share), outlet)
    return canvas


def patch(workload, block, seconds, sound):
    canvas = Canvas('#N canvas 0 0 400 400 10;')
    played, dac = canvas.inner(graph(workload, block)), canvas.object('dac~')
    start = canvas.object('loadbang')
    canvas.wire(start, canvas.object('\\; pd dsp 1', kind='msg'))
    frames = round(seconds * RATE)
    end = canvas.after(start, 'delay', frames, 1, 'samp')
    for channel in (0, 1):
        canvas.wire(played, dac, channel, channel)
    if sound:
        for channel, name in enumerate(('left', 'right')):
            canvas.object('table', name, frames)
            kept = canvas.object('tabwrite~', name)
            canvas.wire(played, kept, channel)
            canvas.wire(start, kept)
        write = canvas.object(f'write -wave -bytes 4 -nframes {frames} {sound} left right', kind='msg')
        canvas.wire(end, write)
        canvas.after(write, 'soundfiler')
    canvas.wire(end, canvas.object('\\; pd quit', kind='msg'))
    return canvas.text() + '\n'


class PureData(Program):
    title = 'Pure Data'
    executable = 'pd'
    package = 'puredata-core'
    modular = True

    def command(self, workload, block, seconds, folder, sound=None):
        # soundfiler writes after the last frame of the table is there.
        (folder / 'graph.pd').write_text(patch(workload, block, seconds, sound))
        return Command(['pd', '-batch', '-nogui', '-noprefs', '-noadc', '-nomidi', '-nosound', '-r', RATE,
                        '-outchannels', 2, '-stderr', folder / 'graph.pd'])


PROGRAMS = [PureData()]
