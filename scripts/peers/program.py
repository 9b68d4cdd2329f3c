# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a peer is to the comparison: a program that renders a workload to nowhere or to a file."""

import subprocess
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Command:
    arguments: list
    environment: dict = field(default_factory=dict)


class Program:
    title = ''  # of its row
    executable = ''
    package = ''  # of Debian that holds it
    threads = 1
    ours = False
    modular = False  # each node is one of its own while it plays: it can be taken out, or wired otherwise

    def version(self):
        """Debian's; a program that is not one of its packages says it differently."""
        query = subprocess.run(['dpkg-query', '-W', '-f', '${Version}', self.package], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True, check=False)
        return query.stdout.split('+')[0].split(':')[-1] or 'unknown version'

    def command(self, workload, block, seconds, folder, sound=None):
        """Writes the patch into the folder, and tells how to have so much of it rendered: into the file `sound`, 32-bit
        float, or, without one, as little to anywhere as the program can."""
        raise NotImplementedError
