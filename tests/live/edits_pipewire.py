# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saves once a second, under PipeWire and a load: nobody hears them. SOAK_SECONDS says how long."""

import os
import tempfile

from pipewired import PipeWire
from edits import soak
from jackd import Process

with PipeWire() as server, Process('wireplumber'), tempfile.TemporaryDirectory() as folder:
    server.env['PIPEWIRE_LATENCY'] = '64/48000'
    server.add_sink()
    soak(server, folder, float(os.environ['SOAK_SECONDS']), seed=int(os.environ.get('SEED', '1')))
