# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Csound: an instance of one instrument for each voice or branch, which is how it is played. Debian's computes in
double precision."""

from peers.program import Command, Program
from peers.workloads import BUTTERWORTH, Branches, Gain, RATE, TONE

HEAD = """<CsoundSynthesizer>
<CsInstruments>
sr = {rate}
ksmps = {block}
nchnls = 2
0dbfs = 1
"""

BRANCHES = """gaTone init 0
gaSum init 0
instr 1
  gaTone poscil 1, {tone}
endin
instr 2
  aSound = gaTone
{stages}
  vincr gaSum, aSound
endin
instr 3
  aTotal = gaSum * {level!r}
  outs aTotal, aTotal
  clear gaSum
endin
"""

VOICES = """instr 1
  aSound vco2 1, p5
{stages}
  aLeft, aRight pan2 aSound, p4
  outs aLeft, aRight
endin
"""


def lines(stages, first):
    """The stages of one instance, whose numbers are fields of the score from the first on."""
    for field, stage in enumerate(stages, first):
        if isinstance(stage, Gain):
            yield f'  aSound = aSound * p{field}'
        elif stage.q == BUTTERWORTH:
            yield f'  aSound butterlp aSound, p{field}'
        else:
            yield f'  aSound rbjeq aSound, p{field}, 1, {stage.q!r}, 1, 0'


def note(instrument, seconds, *fields):
    return ' '.join([f'i {instrument} 0 {seconds!r}', *map(repr, fields)])


def numbers(stages):
    return [stage.factor if isinstance(stage, Gain) else stage.cutoff for stage in stages]


def document(workload, block, seconds):
    if isinstance(workload, Branches):
        played = BRANCHES.format(tone=TONE, level=workload.level, stages='\n'.join(lines(workload.branches[0], 4)))
        notes = [note(1, seconds), *(note(2, seconds, *numbers(stages)) for stages in workload.branches),
                 note(3, seconds)]
    else:
        played = VOICES.format(stages='\n'.join(lines(workload.voices[0].stages, 6)))
        notes = [note(1, seconds, (voice.position + 1) / 2, voice.pitch, *numbers(voice.stages))
                 for voice in workload.voices]
    return '\n'.join([HEAD.format(rate=RATE, block=block) + played + '</CsInstruments>', '<CsScore>', *notes, 'e',
                      '</CsScore>', '</CsoundSynthesizer>', ''])


class Csound(Program):
    title = 'Csound, an instance a voice'
    executable = 'csound'
    package = 'csound'

    def command(self, workload, block, seconds, folder, sound=None):
        (folder / 'graph.csd').write_text(document(workload, block, float(seconds)))
        output = ['-o', sound, '-W', '-f'] if sound else ['-n']
        return Command(['csound', '-d', '-m0', *output, folder / 'graph.csd'])


PROGRAMS = [Csound()]
