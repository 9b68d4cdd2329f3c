# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes between other programs: kept whenever ports come, a part of what a save changes, undone with their line; what
somebody wires or takes apart by hand stays as it is."""

import os
import signal
import tempfile

from jackd import EXAMPLES, PORTS, Server, wait_for

PAIRS = "route('synth:out_*', 'desk:in_*')\n"
SOLO = "route('synth:out_1', 'rec:*')\n"
BOTH = "route('synth:out_1', 'desk:in_1')\n"
WIRES = {('synth:out_1', 'desk:in_1'), ('synth:out_2', 'desk:in_2')}
SOLO_WIRES = {('synth:out_1', 'rec:one'), ('synth:out_1', 'rec:two')}

with tempfile.TemporaryDirectory() as folder, Server() as server:
    patch = os.path.join(folder, 'patch.lua')

    def write(text):
        with open(patch + '~', 'w') as file:
            file.write(text)
        os.rename(patch + '~', patch)

    def wires():
        """Of the three programs, from output to input."""
        return {(port, peer) for port, peers in server.ports().items() for peer in peers if port.startswith('synth:')}

    def are(*wanted):
        wanted = set().union(*wanted)
        try:
            wait_for(f'wires {wanted}', lambda: wires() == wanted)
        except AssertionError:
            print(wires())
            raise

    def synth():
        return server.start(PORTS, 'synth', '+out_1', '+out_2', '+out_3')

    def a_port_comes():
        """After it the patch has looked at everything again."""
        with server.start(PORTS, 'late', '-x'):
            server_sees = 'late:x'
            wait_for('one more port', lambda: server_sees in server.ports())
            wait_for('it to be wired', lambda: 'probe:out' in server.ports()[server_sees])

    # A wire to each late port tells that perigee has seen it.
    seen = "route('probe:out', 'late:*')\n"
    write(PAIRS + seen)
    with server.start(PORTS, 'probe', '+out'), server.start(PORTS, 'desk', '-in_1', '-in_2'), \
            server.start(PORTS, 'rec', '-one', '-two'), server.perigee(patch, '--watch', '-v') as perigee:
        saves = [0]

        def save(text, answer):
            saves[0] += 1
            write(text)
            wait_for(f'{answer} in {perigee.text()}',
                     lambda: perigee.text().count('kept') == saves[0] and answer in perigee.text())

        # Programs that come, go and come again.
        with synth():
            are(WIRES)
        with synth() as player:
            are(WIRES)

            # Made and undone with their lines; what two routes want stays for the other.
            save(PAIRS + SOLO + seen, 'routes: new 1, gone 0')
            are(WIRES, SOLO_WIRES)
            save(PAIRS + SOLO + BOTH + seen, 'routes: new 1, gone 0')
            are(WIRES, SOLO_WIRES)
            save(SOLO + BOTH + seen, 'routes: new 0, gone 1')
            are({('synth:out_1', 'desk:in_1')}, SOLO_WIRES)
            save(seen, 'routes: new 0, gone 2')
            are()

            # A refused save changes nothing; undo and redo do.
            write("route('synth:*')\n")
            perigee.wait_for_text('patch.lua:1: route: to is missing')
            are()
            perigee.process.send_signal(signal.SIGUSR1)
            saves[0] += 1
            are({('synth:out_1', 'desk:in_1')}, SOLO_WIRES)
            perigee.process.send_signal(signal.SIGUSR2)
            saves[0] += 1
            are()

            # What was wired by hand is not ours, though a route wants it.
            server.connect('synth:out_2', 'desk:in_2')
            save(PAIRS + seen, 'routes: new 1, gone 0')
            are(WIRES)
            save(seen, 'routes: new 0, gone 1')
            are({('synth:out_2', 'desk:in_2')})
            server.run('jack_disconnect', 'synth:out_2', 'desk:in_2')
            are()

            # What was taken apart by hand stays so, whatever comes and whatever is saved besides …
            save(PAIRS + seen, 'routes: new 1, gone 0')
            are(WIRES)
            server.run('jack_disconnect', 'synth:out_1', 'desk:in_1')
            are({('synth:out_2', 'desk:in_2')})
            a_port_comes()
            are({('synth:out_2', 'desk:in_2')})
            save('\n' + PAIRS + "route('x:*', 'y:*')\n" + seen, 'routes: new 1, gone 0')
            a_port_comes()
            are({('synth:out_2', 'desk:in_2')})
            # … and wired again, it is not ours.
            server.connect('synth:out_1', 'desk:in_1')
            save(seen, 'routes: new 0, gone 2')
            are({('synth:out_1', 'desk:in_1')})
            server.run('jack_disconnect', 'synth:out_1', 'desk:in_1')

            # … until the line is another,
            save(PAIRS + seen, 'routes: new 1, gone 0')
            are(WIRES)
            server.run('jack_disconnect', 'synth:out_1', 'desk:in_1')
            are({('synth:out_2', 'desk:in_2')})
            save(PAIRS.replace('synth', 's?nth') + seen, 'routes: new 1, gone 1')
            are(WIRES)
            server.run('jack_disconnect', 'synth:out_1', 'desk:in_1')
            are({('synth:out_2', 'desk:in_2')})
        # … or the port comes anew.
        with synth():
            are(WIRES)
            # Our own ports are ports as well.
            save("output('main', sine(440) * 0.01)\nroute('perigee:main', 'rec:one')\n" + seen, 'new 2, gone 0')
            wait_for('our own', lambda: 'rec:one' in server.ports()['perigee:main'])
        assert perigee.end() == 0, perigee.text()

    # What is done once: when the patch plays, and never by a save with a mistake.
    write("for _, port in ipairs(jack.ports('synth:out_*')) do jack.connect(port, 'rec:one') end\n"
          "jack.connect('perigee:main', 'rec:two')\njack.connect('synth:out_1', 'none:in')\n"
          "output('main', sine(440) * 0.01)\n")
    with synth(), server.start(PORTS, 'rec', '-one', '-two'):
        wait_for('their ports', lambda: {'synth:out_3', 'rec:two'} <= server.ports().keys())
        with server.perigee(patch, '--watch') as perigee:
            perigee.wait_for_text('patch.lua:3: jack.connect: there is no port "none:in"')
            all_to_one = {(f'synth:out_{i}', 'rec:one') for i in (1, 2, 3)}
            are(all_to_one)
            wait_for('our own', lambda: 'rec:two' in server.ports()['perigee:main'])
            write("jack.disconnect('synth:out_2', 'rec:one')\nx = nothing\n")
            perigee.wait_for_text('nothing is changed')
            are(all_to_one)
            write("jack.disconnect('synth:out_2', 'rec:one')\n")
            are(all_to_one - {('synth:out_2', 'rec:one')})
            assert perigee.end() == 0, perigee.text()

    # A patch that only routes.
    with server.start(PORTS, 'Hydrogen', '+out_L', '+out_R'), \
            server.perigee(os.path.join(EXAMPLES, 'routing.lua')) as perigee:
        wait_for('Hydrogen to be heard', lambda: server.ports()['Hydrogen:out_L'] == ['system:playback_1']
                 and server.ports()['Hydrogen:out_R'] == ['system:playback_2'])
        assert perigee.end() == 0, perigee.text()
