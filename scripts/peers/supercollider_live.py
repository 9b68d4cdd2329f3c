# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""scsynth and supernova as JACK clients, a synth a node, told by OSC to add synths and to free them."""

import socket
import struct
import time
from contextlib import closing, contextmanager

from peers.process import Failure
from peers.program import Program
from peers.score import bundle, message, received
from peers.supercollider import Patch, kinds
from peers.workloads import ADDED, W2

PATIENCE = 10  # seconds
MARK_BUS, FIRST_BUS = 2, 1000  # the third output, where the first of the voices that come is heard; buses of W2
FIRST_NODE = 10000  # of those that come


class Connection:
    """By TCP: supernova reads no more than 32 kB of a datagram."""

    def __init__(self, port):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self._socket = socket.create_connection(('127.0.0.1', port))
                break
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    raise Failure('it does not listen') from None
                time.sleep(0.05)
        self._socket.settimeout(PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, packet):
        self._socket.sendall(struct.pack('>i', len(packet)) + packet)

    def answer(self, address):
        """The integers of the next answer of this name."""
        while True:
            got, integers = received(self._take(struct.unpack('>i', self._take(4))[0]))
            if got == address:
                return integers

    def _take(self, count):
        data = b''
        while len(data) < count:
            try:
                more = self._socket.recv(count - len(data))
            except TimeoutError:
                more = b''
            if not more:
                raise Failure('it does not answer')
            data += more
        return data

    def close(self):
        self._socket.close()


class Player:
    def __init__(self, connection):
        self._connection = connection
        self._syncs = 0
        self._more = bundle(Patch(ADDED, False, FIRST_NODE, MARK_BUS).messages)
        self._less = message('/n_free', *range(FIRST_NODE, FIRST_NODE + ADDED.nodes))
        for one in Patch(W2, False, bus=FIRST_BUS).messages:
            self._connection.send(one)
        self._sync()
        self.expect(False)

    def add(self):
        self._connection.send(self._more)
        self._sync()

    def remove(self):
        self._connection.send(self._less)
        self._sync()

    def expect(self, added):
        wanted = W2.nodes + (ADDED.nodes if added else 0)
        self._connection.send(message('/status'))
        _, _, synths, *_ = self._connection.answer('/status.reply')
        if synths != wanted:
            raise Failure(f'it has {synths} synths, not {wanted}')

    def _sync(self):
        """Waits until all that was sent is done."""
        self._syncs += 1
        self._connection.send(message('/sync', self._syncs))
        while self._connection.answer('/synced') != [self._syncs]:
            pass


class Live(Program):
    """W2 while it plays, and W6."""
    modular = True

    def __init__(self, executable, package):
        self.executable, self.package = executable, package
        self.title = f'{executable}, a synth a node'
        self.mark = {'scsynth': 'out_', 'supernova': 'output_'}[executable] + str(MARK_BUS + 1)

    @contextmanager
    def play(self, server, folder, environment):
        for graph in kinds():
            (folder / f'{graph.name}.scsyndef').write_bytes(graph.bytes())
        port = _free_port()
        command = [self.executable, '-t', port, '-i', '0', '-o', MARK_BUS + 1, '-z', server.period, '-n', '4096',
                   '-a', '4096', '-m', '262144', '-R', '0']
        if self.executable == 'supernova':
            command += ['-T', '1']
        with server.start(command, {'SC_SYNTHDEF_PATH': str(folder), **environment}), \
                closing(Connection(port)) as connection:
            yield Player(connection)


def _free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


PROGRAMS = [Live('scsynth', 'supercollider-server'), Live('supernova', 'supercollider-supernova')]
