# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns are kept connected: one lane to all that match, several in pairs, also when ports come later or again; what
somebody takes apart by hand stays so."""


from jackd import PORTS, Server, wait_for

with Server() as server, server.play('connected') as player:
    assert server.ports()['perigee:tone'] == []
    for again in range(2):
        with server.start(PORTS, 'sink', '-one_1', '-one_2', '-two_1', '-other') as sink, \
                server.start(PORTS, 'source', '+out_1', '+out_2', '+out_3') as source:
            wanted = {
                'perigee:tone': ['sink:one_1', 'sink:one_2'],
                'perigee:pair_1': ['sink:two_1'],
                'perigee:pair_2': [],
                'perigee:in_1': ['source:out_1'],
                'perigee:in_2': ['source:out_2'],
                'source:out_3': [],
                'sink:other': [],
            }

            def connected():
                ports = server.ports()
                return all(sorted(ports.get(port, ['absent'])) == peers for port, peers in wanted.items())
            try:
                wait_for('all to be connected', connected)
            except AssertionError:
                print(server.ports())
                raise
            server.run('jack_disconnect', 'perigee:tone', 'sink:one_1')
            with server.start(PORTS, 'late', '-x') as late:
                wait_for('one more port', lambda: 'late:x' in server.ports())
                wait_for('quiet', lambda: server.ports()['perigee:tone'] == ['sink:one_2'])
    assert player.end() == 0, player.text()
