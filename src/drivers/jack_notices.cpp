// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_notices.h"

#include <cstring>
#include <utility>

namespace perigee {

namespace {

template <class Body>
void heard_by(void* notices, Body body) {
  const Uncancelled thread;
  body(*static_cast<JackNotices*>(notices));
}

}  // namespace

JackNotices::JackNotices(JackClient& client, std::function<void()> changed)
    : client_(client),
      changed_(std::move(changed)),
      rate_(jack_get_sample_rate(client.handle)),
      period_(jack_get_buffer_size(client.handle)),
      told_rate_(rate()),
      told_period_(period()) {
  set_callbacks();
}

void JackNotices::set_callbacks() {
  jack_client_t* client = client_.handle;
  jack_set_sample_rate_callback(
      client,
      [](jack_nframes_t rate, void* notices) {
        heard_by(notices, [&](JackNotices& self) {
          self.rate_ = rate;
          self.bell_.ring();
        });
        return 0;
      },
      this);
  jack_set_buffer_size_callback(
      client,
      [](jack_nframes_t period, void* notices) {
        heard_by(notices, [&](JackNotices& self) {
          self.period_ = period;
          self.bell_.ring();
        });
        return 0;
      },
      this);
  jack_set_xrun_callback(
      client,
      [](void* notices) {
        heard_by(notices, [](JackNotices& self) {
          ++self.late_;
          self.bell_.ring();
        });
        return 0;
      },
      this);
  jack_set_port_registration_callback(
      client,
      [](jack_port_id_t port, int came, void* notices) {
        heard_by(notices, [&](JackNotices& self) {
          self.tell_change({came != 0 ? Change::What::came : Change::What::went, port});
        });
      },
      this);
  jack_set_port_connect_callback(
      client,
      [](jack_port_id_t port, jack_port_id_t other, int connected, void* notices) {
        heard_by(notices, [&](JackNotices& self) {
          self.tell_change({connected != 0 ? Change::What::joined : Change::What::parted, port, other});
        });
      },
      this);
  // JACK 2 does not tell of the ports of a client that ends without taking them back.
  jack_set_client_registration_callback(
      client,
      [](const char*, int came, void* notices) {
        if (came == 0) heard_by(notices, [](JackNotices& self) { self.tell_change({Change::What::went}); });
      },
      this);
  // PipeWire's library calls only the one, JACK's only the other when both are set.
  jack_on_shutdown(
      client,
      [](void* notices) {
        heard_by(notices, [](JackNotices& self) { self.tell_gone("it closed the connection"); });
      },
      this);
  jack_on_info_shutdown(
      client,
      [](jack_status_t, const char* reason, void* notices) {
        heard_by(notices, [&](JackNotices& self) { self.tell_gone(reason); });
      },
      this);
}

News JackNotices::news() {
  bell_.silence();
  News news{.late = late_.exchange(0)};
  if (client_.gone) {
    news.gone = true;
    news.reason = reason_.data();
    return news;
  }
  if (told_rate_ != rate()) news.new_rate = told_rate_ = rate();
  if (told_period_ != period()) news.new_period = told_period_ = period();
  return news;
}

std::vector<JackNotices::Change> JackNotices::changes() {
  std::vector<Change> changes;
  const std::scoped_lock lock(changes_mutex_);
  changes.swap(changes_);
  return changes;
}

void JackNotices::tell_change(const Change& change) {
  {
    const std::scoped_lock lock(changes_mutex_);
    changes_.push_back(change);
  }
  changed_();
}

void JackNotices::tell_gone(const char* reason) noexcept {
  if (client_.gone) return;
  std::strncpy(reason_.data(), reason, reason_.size() - 1);
  client_.gone = true;
  bell_.ring();
}

}  // namespace perigee
