// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/clock_source.h"

#include <utility>

#include "engine/program.h"

namespace perigee {

std::optional<Mistake> ClockSource::choose(const Clock& clock, double tempo) {
  const Clock before = std::exchange(clock_, clock);
  if (before == clock) return std::nullopt;
  const bool another = before.by != clock.by || before.port != clock.port;
  if (another && conductor_.follows()) {
    if (before.by == Clock::By::jack) driver_.follow_transport(false);
    conductor_.start(engine_.now(), tempo);
  }
  midi_.reset();
  if (!driver_.has_clocks()) return std::nullopt;
  if (clock.by == Clock::By::jack) return follow_jack(tempo);
  if (clock.by != Clock::By::midi) return std::nullopt;
  conductor_.follow(tempo, false);
  conductor_.hear(midi_.emplace(driver_.rate(), tempo).first(driver_.period()));
  return std::nullopt;
}

std::optional<Mistake> ClockSource::follow_jack(double tempo) {
  std::optional<TransportLead> lead;
  if (clock_.leads) lead = {.tempo = tempo, .beats_per_bar = clock_.beats_per_bar};
  const bool leads = driver_.follow_transport(true, lead) && clock_.leads;
  conductor_.follow(tempo, leads);
  if (leads == clock_.leads) return std::nullopt;
  clock_.leads = false;  // so that it is tried again
  return Mistake{clock_.where,
                 "clock: another program leads JACK's transport: its bars and beats are followed, until it "
                 "gives way and this patch is saved again"};
}

void ClockSource::hear(const Report& report) {
  if (!midi_ || !report.at->leads || report.at->name != clock_.port) return;
  if (const auto news = midi_->hear(report.message, report.time, report.era, driver_.period()))
    conductor_.hear(*news);
}

void ClockSource::look() {
  while (const auto position = driver_.transport()) conductor_.hear(*position);
}

void ClockSource::tell() {
  for (const auto& [frame, beat, tempo] : conductor_.tempo_changes())
    driver_.lead_transport(frame, beat, tempo);
  if (const std::uint32_t number = conductor_.ready(); number != 0 && clock_.by == Clock::By::jack)
    driver_.transport_ready(number);
}

void ClockSource::set_rate(double rate) {
  if (midi_) midi_->set_rate(rate);
}

}  // namespace perigee
