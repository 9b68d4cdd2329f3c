# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What JACK is told of latency is what the plan says, what jack_iodelay measures, and follows a new program."""

import subprocess

from jackd import Server, wait_for

LAG = 240


with Server() as server, server.play('-', stdin=subprocess.PIPE) as player:
    def publish(patch, port):
        player.stdin.write(f'{patch}\n'.encode())
        player.stdin.flush()
        wait_for(f'port {port}', lambda: port in server.lsp().splitlines())

    publish('through', 'perigee:main')
    base = server.round_trip('perigee:in', 'perigee:main')
    # Nothing but the program changes here: JACK has to be asked to add up anew.
    for patch, latency in (('lag', LAG), ('through', 0), ('lag', LAG)):
        publish(patch, 'perigee:main')
        wait_for(f'the latency of {patch}', lambda: server.latencies()['perigee:main'][0] == (latency, latency))
    delta = server.round_trip('perigee:in', 'perigee:main') - base
    print(f'round trip: {base:.3f} frames without, {base + delta:.3f} with a lag of {LAG}: {delta:.3f} more')
    assert abs(delta - LAG) < 0.01, delta

    # Next to the hardware's own, each lane's latency is the server's plus the plan's.
    server.connect('system:capture_1', 'perigee:in')
    server.connect('perigee:main', 'system:playback_1')

    def ranges():
        told = server.latencies()
        capture, playback = told['system:capture_1'][0], told['system:playback_1'][1]
        print('system', capture, playback, 'in', told['perigee:in'], 'main', told['perigee:main'])
        plus = [tuple(frames + LAG for frames in range_) for range_ in (capture, playback)]
        return told['perigee:main'] == (plus[0], playback) and told['perigee:in'] == (capture, plus[1])
    wait_for('latency that adds up', ranges)

    # By port: compensated ways have all the patch's latency, others their own. Old ports are gone.
    publish('ways', 'perigee:wet')
    wait_for('perigee:main to go', lambda: 'perigee:main' not in server.lsp())
    server.connect('perigee:dry', 'system:playback_1')
    server.connect('perigee:cue', 'system:playback_2')

    def ways():
        told = server.latencies()
        out = told['system:playback_1'][1][0]
        print({port: told[port] for port in told if 'perigee' in port})
        return ({port: told[f'perigee:{port}'][0] for port in ('wet', 'dry', 'cue', 'tone')} ==
                {'wet': (LAG, LAG), 'dry': (LAG, LAG), 'cue': (0, 0), 'tone': (LAG, LAG)} and
                told['perigee:right'][1] == (out, out + LAG))
    wait_for('the latency of every way', ways)
