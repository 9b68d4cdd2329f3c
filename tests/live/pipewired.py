# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PipeWire of a test's own. Importing this starts the test anew, inside a D-Bus session with a runtime folder of its
own."""

import os
import subprocess
import sys
import tempfile

if '--inside' not in sys.argv:
    with tempfile.TemporaryDirectory() as folder:  # mode 0700
        env = dict(os.environ, XDG_RUNTIME_DIR=folder, XDG_CONFIG_HOME=folder, XDG_STATE_HOME=folder)
        env.pop('LD_PRELOAD', None)
        env.pop('PIPEWIRE_REMOTE', None)
        sys.exit(subprocess.run(['dbus-run-session', '--', sys.executable, *sys.argv, '--inside'], env=env).returncode)

from jackd import Process, Server, wait_for

SINK = '{ factory.name=support.null-audio-sink node.name=null-sink media.class=Audio/Sink object.linger=true ' \
       'audio.position=[FL FR] }'


class PipeWire(Server):
    """Speaks to PipeWire with the tools of JACK."""

    def __init__(self):
        self.env = dict(os.environ)
        Process.__init__(self, 'pipewire')
        wait_for('PipeWire', lambda: os.path.exists(os.environ['XDG_RUNTIME_DIR'] + '/pipewire-0'))

    def run(self, *command):
        return super().run('pw-jack', *command)

    def start(self, *command, **options):
        return super().start('pw-jack', *command, **options)

    def add_sink(self):
        """An output that makes no sound, for what wants to be connected; also what drives the graph."""
        wait_for('the session manager',
                 lambda: 'WirePlumber' in subprocess.check_output(['pw-cli', 'ls', 'Client'], text=True))
        print(subprocess.check_output(['pw-cli', 'create-node', 'adapter', SINK], text=True))
        wait_for('the null sink', lambda: 'null-sink:playback_FR' in self.lsp())
