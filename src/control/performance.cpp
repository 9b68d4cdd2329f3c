// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/performance.h"

#include <fmt/format.h>
#include <poll.h>

#include <array>

#include "control/reporter.h"

namespace perigee {

namespace {

constexpr int kPatience = 50;  // milliseconds between two looks at the audio thread's reports

std::string list(const std::vector<PortBinding>& ports) {
  std::string text;
  for (const PortBinding& port : ports) {
    text += " " + port.name;
    if (port.lanes > 1) text += fmt::format("_1…{}", port.lanes);
  }
  return text.empty() ? " none" : text;
}

std::string milliseconds(double frames, double rate) {
  return fmt::format("{:.1f} ms", frames / rate * 1000);
}

void tell(const News& news, const Driver& driver) {
  if (news.late > 0)
    fmt::print(stderr, "perigee: {} {} late\n", news.late, news.late == 1 ? "period was" : "periods were");
  if (news.new_period > 0)
    fmt::print("period is now {} frames ({})\n", news.new_period,
               milliseconds(news.new_period, driver.rate()));
  if (news.new_rate > 0) fmt::print("sample rate is now {} Hz\n", news.new_rate);
  std::fflush(stdout);
}

}  // namespace

std::string describe(const Driver& driver, const Program& program) {
  const auto latency = static_cast<double>(program.latency);
  return fmt::format("{}, {} Hz, {} frames a period ({}), latency {} frames ({})\ninputs:{}\noutputs:{}\n",
                     driver.describe(), driver.rate(), driver.period(),
                     milliseconds(driver.period(), driver.rate()), program.latency,
                     milliseconds(latency, driver.rate()), list(program.inputs), list(program.outputs));
}

void perform(Engine& engine, Driver& driver, const Signals& signals, const Rebuild& rebuild) {
  Reporter reporter(stderr, stdout);
  const auto take_reports = [&] {
    Report report;
    while (engine.receive(report)) reporter.take(report, driver.rate());
  };
  std::array<pollfd, 2> waiting{{{signals.fd(), POLLIN, 0}, {driver.fd(), POLLIN, 0}}};
  while (waiting[0].revents == 0) {
    poll(waiting.data(), waiting.size(), kPatience);
    take_reports();
    engine.collect();  // after the reports, which may be about what it frees
    if (waiting[1].revents == 0) continue;
    const News news = driver.attend();
    tell(news, driver);
    if (news.gone) {
      reporter.finish();
      throw SystemError(fmt::format("the audio server is gone: {}", news.reason));
    }
    if (news.new_rate > 0) rebuild(news.new_rate);
  }
  take_reports();
  reporter.finish();
}

}  // namespace perigee
