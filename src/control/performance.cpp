// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/performance.h"

#include <fmt/format.h>
#include <poll.h>

#include <array>

#include "control/reporter.h"
#include "control/threading.h"

namespace perigee {

namespace {

constexpr int kPatience = 50;  // milliseconds between two looks at the audio thread's reports
constexpr int kHaste = 2;      // … while an edit takes hold or a file is being written

std::string list(const Patch& patch, const Plan& plan, Role role) {
  std::string text;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    if (node.spec->role != role) continue;
    const unsigned lanes = role == Role::input ? plan.shapes[id].lanes : plan.shapes[id].in_lanes[0];
    text += " " + std::get<std::string>(node.fixed[0]);
    if (lanes > 1) text += fmt::format("_1…{}", lanes);
  }
  return text.empty() ? " none" : text;
}

std::string milliseconds(double frames, double rate) {
  return fmt::format("{:.1f} ms", frames / rate * 1000);
}

void tell(const News& news, const Driver& driver, Engine& engine) {
  if (news.late > 0)
    fmt::print(stderr, "perigee: {} {} late; the patch took {:.0f} % of one at most\n", news.late,
               news.late == 1 ? "period was" : "periods were",
               100.0 * static_cast<double>(engine.longest_share()));
  if (news.new_period > 0)
    fmt::print("period is now {} frames ({})\n", news.new_period,
               milliseconds(news.new_period, driver.rate()));
  if (news.new_rate > 0) fmt::print("sample rate is now {} Hz\n", news.new_rate);
  std::fflush(stdout);
}

void tell_change(std::string_view what, const LivePatch& patch, bool verbose) {
  fmt::print("{}{}\n", what, patch.summary());
  if (verbose) fmt::print("{}", patch.details());
  std::fflush(stdout);
}

void tell_step(std::string_view what, bool done, const LivePatch& patch, bool verbose) {
  if (done)
    tell_change(fmt::format("{}: ", what), patch, verbose);
  else
    fmt::print(stderr, "perigee: there is no save to {}\n", what);
}

void tell_save(const std::vector<Mistake>& mistakes, const LivePatch& patch, bool verbose) {
  for (const Mistake& mistake : mistakes) fmt::print(stderr, "{}\n", to_string(mistake));
  if (!mistakes.empty()) {
    fmt::print(stderr, "perigee: nothing is changed, the patch before plays on\n");
    return;
  }
  if (patch.summary().empty()) return;  // it is being written again
  tell_change("", patch, verbose);
}

}  // namespace

std::string describe(const Driver& driver, const Patch& patch, const Plan& plan) {
  const auto latency = static_cast<double>(plan.timing.latency);
  const std::string threads = describe_threads(plan);
  return fmt::format(
      "{}, {} Hz, {} frames a period ({}), latency {} frames ({})\n{}{}inputs:{}\noutputs:{}\n",
      driver.describe(), driver.rate(), driver.period(), milliseconds(driver.period(), driver.rate()),
      plan.timing.latency, milliseconds(latency, driver.rate()), threads, threads.empty() ? "" : "\n",
      list(patch, plan, Role::input), list(patch, plan, Role::output));
}

Wishes wishes_of(LivePatch& patch, bool watch, bool verbose) {
  return {
      .attend = [&patch] { return patch.attend(); },
      .reload = [&patch, watch, verbose] { tell_save(patch.save(watch), patch, verbose); },
      .undo = [&patch, verbose] { tell_step("undo", patch.undo(), patch, verbose); },
      .redo = [&patch, verbose] { tell_step("redo", patch.redo(), patch, verbose); },
      .change_rate = [&patch, verbose](double rate) { tell_save(patch.change_rate(rate), patch, verbose); },
      .watch = watch ? &patch.watch() : nullptr};
}

void perform(Engine& engine, Driver& driver, const Signals& signals, const Wishes& wishes) {
  Reporter reporter(stderr, stdout);
  const auto take_reports = [&] {
    Report report;
    while (engine.receive(report)) reporter.take(report, driver.rate());
  };
  Watch* const watch = wishes.watch;
  std::array<pollfd, 3> waiting{{{signals.fd(), POLLIN, 0},
                                 {driver.fd(), POLLIN, 0},
                                 {watch != nullptr ? watch->fd() : -1, POLLIN, 0}}};
  for (bool busy = false;;) {
    poll(waiting.data(), waiting.size(), busy ? kHaste : kPatience);
    take_reports();
    busy = wishes.attend();  // after the reports, which may be about what it frees
    const Signals::Wish wish = waiting[0].revents != 0 ? signals.read() : Signals::Wish::none;
    if (wish == Signals::Wish::end) break;
    if (wish == Signals::Wish::undo) wishes.undo();
    if (wish == Signals::Wish::redo) wishes.redo();
    if (wish == Signals::Wish::reload || (watch != nullptr && watch->saved())) wishes.reload();
    busy = busy || (watch != nullptr && watch->pending());
    if (waiting[1].revents == 0) continue;
    const News news = driver.attend();
    tell(news, driver, engine);
    if (news.gone) {
      reporter.finish();
      throw SystemError(fmt::format("the audio server is gone: {}", news.reason));
    }
    if (news.new_rate > 0) wishes.change_rate(news.new_rate);
  }
  take_reports();
  reporter.finish();
}

}  // namespace perigee
