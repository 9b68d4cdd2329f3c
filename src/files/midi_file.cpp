// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/midi_file.h"

#include <glib.h>
#include <smf.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <memory>
#include <system_error>

#include "files/fail.h"

namespace perigee::files {

namespace {

/// libsmf tells on the terminal what is wrong with a file; here that is this program's to say.
class Quiet {
 public:
  Quiet()
      : before_(g_log_set_default_handler([](const char*, GLogLevelFlags, const char*, void*) {}, nullptr)) {}
  ~Quiet() { g_log_set_default_handler(before_, nullptr); }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  GLogFunc before_;
};

}  // namespace

std::vector<TimedMessage> read_midi(const std::filesystem::path& path, double rate) {
  const Quiet quiet;
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status)) fail(path, "no such file");
  if (!std::filesystem::is_regular_file(status)) fail(path, "is not a plain file");
  if (access(path.c_str(), R_OK) != 0) fail(path, std::system_category().message(errno));
  const std::unique_ptr<smf_t, void (*)(smf_t*)> song(smf_load(path.c_str()), smf_delete);
  if (song == nullptr) fail(path, "is damaged, or no Standard MIDI File");
  std::vector<TimedMessage> messages;
  while (const smf_event_t* event = smf_get_next_event(song.get())) {
    if (smf_event_is_metadata(event) != 0) continue;
    const auto message =
        message_of({event->midi_buffer, static_cast<std::size_t>(event->midi_buffer_length)});
    if (message)
      messages.push_back({static_cast<Frames>(std::floor(event->time_seconds * rate + 0.5)), *message});
  }
  return messages;
}

}  // namespace perigee::files
