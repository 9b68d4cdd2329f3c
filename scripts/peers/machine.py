# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured on."""

import os
import shutil
import subprocess


def processor():
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        for line in file:
            name, _, value = line.partition(':')
            if name.strip() == 'model name':
                return value.strip()
    return os.uname().machine


def missing(programs):
    """The packages of programs that are not there."""
    return sorted({program.package for program in programs
                   if program.package and shutil.which(program.executable) is None})


def install(packages):
    """As scripts/setup does: a list of packages that is old or empty shows as a failure, and only then is fetched."""
    def apt_get(*arguments):
        return subprocess.run(['apt-get', '-qq', *arguments], env={**os.environ, 'DEBIAN_FRONTEND': 'noninteractive'},
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False).returncode == 0

    command = ['install', '-y', '--no-install-recommends', *packages]
    return apt_get(*command) or (apt_get('update') and apt_get(*command))
