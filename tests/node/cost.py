# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""cost.py PROGRAM: whatever drives a parameter, a call of a node takes no more than so many instructions, and so many
times those that it takes when its parameters stand. Counted by callgrind, so it does not matter what else the machine
does. Without valgrind it is skipped."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
FRAMES = 512
# What moves has its coefficients computed by the frame; a fast player reaches over hundreds of frames for each.
TIMES, A_FRAME = 40, 5000

if shutil.which('valgrind') is None:
    print('skipped: there is no valgrind to count instructions')
    sys.exit(SKIPPED)

counts = {}
with tempfile.TemporaryDirectory() as folder:
    subprocess.run(['valgrind', '--tool=callgrind', '--collect-atstart=no', '--quiet',
                    f'--callgrind-out-file={folder}/out', sys.argv[1]], check=True, timeout=600,
                   # Valgrind has libraries of its own in place of those that are preloaded, as the guard.
                   env={name: value for name, value in os.environ.items() if name != 'LD_PRELOAD'})
    for file in Path(folder).glob('out.*'):
        text = file.read_text()
        name = re.search(r'^desc: Trigger: Client Request: (.*)$', text, re.M)
        total = re.search(r'^(?:totals|summary): (\d+)', text, re.M)
        if name and total:
            counts[name[1]] = int(total[1])

usual = {name: count for name, count in counts.items() if ': ' not in name}
wrong = []
for name, count in sorted(counts.items()):
    kind = name.split(': ')[0]
    if count > max(TIMES * usual[kind], A_FRAME * FRAMES):
        wrong.append(f'{name}: {count} instructions for {FRAMES} frames, {usual[kind]} with its numbers standing')
driven = len(counts) - len(usual)
most = max(counts, key=counts.get)
print('\n'.join(wrong) or f'{len(usual)} kinds, {driven} drives; the most: {most}, {counts[most]} instructions')
sys.exit(bool(wrong) or len(usual) < 30 or driven < 300)
