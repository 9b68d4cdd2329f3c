# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_check.py PERIGEE: a build counts as many instructions as itself; and a count that grew ends scripts/bench-check
with 1."""

import shutil
import subprocess
import sys
from pathlib import Path

COMMAND = Path(__file__).resolve().parents[2] / 'scripts' / 'bench-check'
perigee = sys.argv[1]
if shutil.which('valgrind') is None:
    print('valgrind is not installed: apt-get install valgrind')
    sys.exit(77)

failures = 0
# The counts of two runs differ by less than one in a thousand, so that they did not shrink by as much either.
for limit, expected in (('0.1', 0), ('-0.1', 1)):
    done = subprocess.run([COMMAND, perigee, perigee, 'W1', '--rounds', '0', '--limit', limit], check=False)
    right = done.returncode == expected
    failures += not right
    print(f'{"ok" if right else "WRONG"}: with the limit {limit} it ends with {done.returncode}', flush=True)
sys.exit(failures > 0)
