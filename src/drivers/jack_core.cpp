// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_core.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/realtime.h"

namespace perigee {

JackCore::JackCore(Engine& engine, std::shared_ptr<JackThread> thread)
    : engine_(engine),
      thread_(std::move(thread)),
      ports_(std::make_shared<JackPorts>(thread_, [this] { notices_->ring(); })) {}

void JackCore::open(const std::string& name) {
  client_ = std::make_shared<JackClient>(name);
  notices_.emplace(*client_, [this] { thread_->post_look([this] { follow_changes(); }); });
  if (!(notices_->rate() > 0) || notices_->period() < 1)
    throw SystemError(fmt::format("the JACK server runs at {} Hz with {} frames a period: it is not ready",
                                  notices_->rate(), notices_->period()));
  transport_.emplace(*client_);
  patchbay_.emplace(*client_, *thread_);
  ports_->open(client_);
  set_callbacks();
  patchbay_->look();
}

void JackCore::set_callbacks() {
  jack_set_process_callback(
      client_->handle,
      [](jack_nframes_t frames, void* given) {
        const Uncancelled thread;
        auto& self = *static_cast<JackCore*>(given);
        self.gate_.pass([&] { self.process(frames); });
        return 0;
      },
      this);
  jack_set_latency_callback(
      client_->handle,
      [](jack_latency_callback_mode_t mode, void* given) {
        const Uncancelled thread;
        auto& self = *static_cast<JackCore*>(given);
        self.latency_.tell(mode);
        if (mode == JackPlaybackLatency) self.client_->latencies_told();  // it is asked for last
      },
      this);
}

void JackCore::start(unsigned threads) {
  if (threads > 1) workers_.emplace(engine_, gate_, *client_, threads);
  if (jack_activate(client_->handle) != 0) throw SystemError("the JACK server does not let us run");
  started_ = true;
  ports_->start();
  patchbay_->look();
  all_ports_ = patchbay_->names();
  connections_.renew(*patchbay_);
  rewire({});
}

void JackCore::close() {
  if (client_ == nullptr) return;
  if (started_ && client_->speaks()) jack_deactivate(client_->handle);
  client_->close();
}

void JackCore::follow(JackLatency::Map map, const std::vector<Wish>& wishes) {
  latency_.set(std::move(map));  // before the ports of an old program can be unregistered
  connections_.wish(wishes);
  if (!started_ || !client_->speaks()) return;
  jack_recompute_total_latencies(client_->handle);
  patchbay_->look();
  connections_.renew(*patchbay_);
}

void JackCore::route(const std::set<Route>& routes) {
  connections_.route(routes);
  if (!started_) return;
  patchbay_->look();
  connections_.renew(*patchbay_);
}

void JackCore::rewire(const std::vector<WireOrder>& orders) {
  orders_.insert(orders_.end(), orders.begin(), orders.end());
  if (!started_ || orders_.empty()) return;
  patchbay_->look();
  News news;
  for (const WireOrder& order : std::exchange(orders_, {})) {
    std::string mistake = carry_out(order, *patchbay_);
    if (!mistake.empty()) news.mistakes.push_back({order.where, std::move(mistake)});
  }
  if (!news.mistakes.empty()) tell(std::move(news));
}

void JackCore::cannot_lead() {
  News news;
  news.mistakes.push_back({{}, "clock: another program leads JACK's transport"});
  tell(std::move(news));
}

void JackCore::tell(News news) {
  {
    const std::scoped_lock lock(told_mutex_);
    std::ranges::move(news.mistakes, std::back_inserter(told_.mistakes));
    std::ranges::move(news.changes, std::back_inserter(told_.changes));
  }
  notices_->ring();
}

News JackCore::news() {
  News news = notices_->news();
  const std::scoped_lock lock(told_mutex_);
  news.mistakes = std::exchange(told_.mistakes, {});
  news.changes = std::exchange(told_.changes, {});
  return news;
}

void JackCore::follow_changes() {
  using What = JackNotices::Change::What;
  if (!started_ || !client_->speaks()) return;
  const auto name_of = [&](jack_port_id_t id) -> std::string {
    jack_port_t* port = jack_port_by_id(client_->handle, id);
    const char* name = port == nullptr ? nullptr : jack_port_name(port);
    return name == nullptr ? "" : name;
  };
  News news;
  bool came = false, went = false;
  patchbay_->look();
  for (const auto& change : notices_->changes()) {
    const std::string port = name_of(change.port);
    switch (change.what) {
      case What::came:
        came = true;
        connections_.came(port);
        break;
      case What::went:
        went = true;
        break;
      case What::joined:
        news.changes.push_back({PortChange::What::joined, port, name_of(change.other)});
        break;
      case What::parted:
        connections_.parted({port, name_of(change.other)});
        news.changes.push_back({PortChange::What::parted, port, name_of(change.other)});
        break;
    }
  }
  if (went) connections_.went(*patchbay_);
  if (came || went) {
    const std::set<std::string>& now = patchbay_->names();
    for (const std::string& name : all_ports_)
      if (!now.contains(name)) news.changes.push_back({PortChange::What::went, name, {}});
    for (const std::string& name : now)
      if (!all_ports_.contains(name)) news.changes.push_back({PortChange::What::came, name, {}});
    all_ports_ = now;
  }
  if (!news.changes.empty()) tell(std::move(news));
  if (came) connections_.renew(*patchbay_);
}

void JackCore::process(jack_nframes_t frames) noexcept {
  const RealtimeScope scope;
  const auto channels_of = [](Program* program) {
    return program == nullptr ? nullptr : static_cast<JackChannels*>(program->channels.get());
  };
  JackChannels* const before = current_;
  bool is_new = false;
  const auto lead_over = [&](Program& next) {
    is_new = true;
    JackChannels* const after = channels_of(&next);
    if (before != nullptr) {  // it may be freed as soon as it is given back
      // A port that the next program does not have is never written again: let it end in silence.
      before->fall_silent(frames);
      before->clear_midi(frames);
    }
    if (after != nullptr) after->clear_midi(frames);
    if (before != nullptr) before->end_notes_of_others(after, frames);
  };
  current_ = channels_of(engine_.take(lead_over));
  if (current_ == nullptr) return;
  if (!is_new) current_->clear_midi(frames);
  current_->find_buffers(frames);
  transport_->look(engine_, frames, notices_->rate());
  current_->hear(engine_, frames);
  engine_.run(current_->in_buffers.data(), static_cast<unsigned>(current_->in.size()),
              current_->out_buffers.data(), static_cast<unsigned>(current_->out.size()),
              static_cast<int>(frames));
  const bool ends = ending_.load(std::memory_order_acquire) && !ended_.load(std::memory_order_relaxed);
  current_->speak(ends, frames);
  if (ends) ended_.store(true, std::memory_order_release);
}

}  // namespace perigee
