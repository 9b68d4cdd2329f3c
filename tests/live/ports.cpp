// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <jack/jack.h>

#include <csignal>

// A client that only has ports: ports NAME ±PORT…, + for outputs, − for inputs. It takes part in the server's
// cycles: one that does not would keep those that it feeds from ever running.
int main(int argc, char** argv) {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  jack_client_t* client = argc < 2 ? nullptr : jack_client_open(argv[1], JackNoStartServer, nullptr);
  if (client == nullptr) return 3;
  jack_set_process_callback(
      client, [](jack_nframes_t, void*) { return 0; }, nullptr);
  jack_activate(client);
  for (int i = 2; i < argc; ++i)
    jack_port_register(client, argv[i] + 1, JACK_DEFAULT_AUDIO_TYPE,
                       argv[i][0] == '+' ? JackPortIsOutput : JackPortIsInput, 0);
  int ended = 0;
  sigwait(&ending, &ended);
  jack_client_close(client);
}
