# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saves once a second, under a JACK server at period 64 and a load: nobody hears them. SOAK_SECONDS says how long."""

import os
import tempfile

from edits import soak
from jackd import Server

with tempfile.TemporaryDirectory() as folder, Server(period=64) as server:
    soak(server, folder, float(os.environ['SOAK_SECONDS']), seed=int(os.environ.get('SEED', '1')))
