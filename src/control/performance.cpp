// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/performance.h"

#include <fmt/format.h>

#include <algorithm>

#include "control/occasions.h"
#include "control/reporter.h"
#include "control/threading.h"
#include "terminal/console.h"

namespace perigee {

namespace {

constexpr std::chrono::milliseconds kPause{50};  // between two looks at the audio thread's reports
constexpr std::chrono::seconds kSilence{1};      // between two lines about late periods
constexpr std::chrono::milliseconds kHaste{2};   // … while an edit takes hold or a file is being written

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

/// Periods that came too late: where there are many, a line a second is enough.
class LatePeriods {
 public:
  void take(unsigned periods, float share) {
    periods_ += periods;
    share_ = std::max(share_, share);
    tell_if_due();
  }
  void tell_if_due() {
    if (Loop::Clock::now() >= silent_until_) tell();
  }
  void tell() {
    if (periods_ == 0) return;
    console::complain("perigee: {} {} late; the patch took {:.0f} % of one at most\n", periods_,
                      periods_ == 1 ? "period was" : "periods were", 100.0 * static_cast<double>(share_));
    periods_ = 0;
    share_ = 0;
    silent_until_ = Loop::Clock::now() + kSilence;
  }

 private:
  unsigned periods_ = 0;
  float share_ = 0;
  Loop::Clock::time_point silent_until_;
};

void tell(const News& news, const Driver& driver) {
  for (const Mistake& mistake : news.mistakes) console::complain("{}\n", to_string(mistake));
  if (news.new_period > 0)
    console::print("period is now {} frames ({})\n", news.new_period,
                   milliseconds(news.new_period, driver.rate()));
  if (news.new_rate > 0) console::print("sample rate is now {} Hz\n", news.new_rate);
}

void tell_change(std::string_view what, const LivePatch& patch, bool verbose) {
  console::print("{}{}\n", what, patch.summary());
  if (verbose) console::print("{}", patch.details());
}

void tell_step(std::string_view what, bool done, const LivePatch& patch, bool verbose) {
  if (done)
    tell_change(fmt::format("{}: ", what), patch, verbose);
  else
    console::complain("perigee: there is no save to {}\n", what);
}

void tell_save(const std::vector<Mistake>& mistakes, const LivePatch& patch, bool verbose) {
  for (const Mistake& mistake : mistakes) console::complain("{}\n", to_string(mistake));
  if (!mistakes.empty()) {
    console::complain("perigee: nothing is changed, the patch before plays on\n");
    return;
  }
  if (patch.summary().empty()) return;  // it is being written again
  tell_change("", patch, verbose);
}

}  // namespace

std::string describe(const Driver& driver, const Patch& patch, const Plan& plan) {
  const auto latency = static_cast<double>(plan.timing.latency);
  const std::string threads = describe_threads(plan);
  std::string midi;
  for (const MidiPort& port : patch.midi) midi += " " + port.name;
  if (!midi.empty()) midi = "MIDI inputs:" + midi + "\n";
  std::string said;
  for (const PatchNode& node : patch.nodes)
    if (node.spec->says >= 0)
      said += " " + std::get<std::string>(node.fixed[static_cast<std::size_t>(node.spec->says)]);
  if (!said.empty()) midi += "MIDI outputs:" + said + "\n";
  return fmt::format(
      "{}, {} Hz, {} frames a period ({}), latency {} frames ({})\n{}{}inputs:{}\n{}outputs:{}\n",
      driver.describe(), driver.rate(), driver.period(), milliseconds(driver.period(), driver.rate()),
      plan.timing.latency, milliseconds(latency, driver.rate()), threads, threads.empty() ? "" : "\n",
      list(patch, plan, Role::input), midi, list(patch, plan, Role::output));
}

Wishes wishes_of(LivePatch& patch, Turns& turns, double ahead, bool watch, bool verbose) {
  const auto attend_load = [&patch, verbose]() -> std::optional<Loop::Clock::time_point> {
    const auto mistakes = patch.attend_load();
    if (!mistakes) return patch.due();
    tell_save(*mistakes, patch, verbose);
    return std::nullopt;
  };
  const auto waits = std::make_shared<bool>(false);
  const auto start_load = [&patch, watch, waits](std::function<void()> wake) {
    *waits = false;
    patch.start_save(watch, std::move(wake));
  };
  const auto play = [&patch, ahead] {
    for (const Mistake& mistake : patch.play(ahead)) console::complain("{}\n", to_string(mistake));
  };
  turns.after_each(play);
  const auto reload = [&patch, &turns, waits, start_load, attend_load] {
    patch.outdate();
    if (!std::exchange(*waits, true)) turns.add({.start = start_load, .attend = attend_load});
  };
  return {.attend =
              [&patch, &turns, play, reload] {
                play();
                if (patch.wants_second_look()) reload();
                for (const std::string& notice : patch.take_notices()) {
                  console::print("{}\n", notice);
                }
                return patch.attend() || patch.follows_clock() || !turns.idle();
              },
          .reload = reload,
          .undo =
              [&patch, &turns, verbose] {
                turns.add([&patch, verbose] { tell_step("undo", patch.undo(), patch, verbose); });
              },
          .redo =
              [&patch, &turns, verbose] {
                turns.add([&patch, verbose] { tell_step("redo", patch.redo(), patch, verbose); });
              },
          .change_rate =
              [&patch, &turns, verbose](double rate) {
                turns.add([&patch, rate, verbose] { tell_save(patch.change_rate(rate), patch, verbose); });
              },
          .watch = watch ? &patch.watch() : nullptr,
          .hear = [&patch](const Report& report) { patch.hear(report); },
          .follow = [&patch](const PortChange& change) { patch.tell(occasion_of(change)); }};
}

void perform(Loop& loop, Engine& engine, Driver& driver, const Signals& signals, const Wishes& wishes) {
  Reporter reporter(stderr, stdout);
  LatePeriods late;
  Watch* const watch = wishes.watch;
  const auto take_reports = [&] {
    Report report;
    while (engine.receive(report)) {
      wishes.hear(report);
      reporter.take(report, driver.rate());
    }
  };
  Loop::Hook again;
  const std::function<void()> look = [&] {
    take_reports();
    late.tell_if_due();
    bool busy = wishes.attend();  // after the reports, which may be about what it frees
    if (watch != nullptr && watch->saved()) {
      wishes.reload();
      busy = true;
    }
    busy = busy || (watch != nullptr && watch->pending());
    again = loop.at(Loop::Clock::now() + (busy ? kHaste : kPause), look);
  };
  const Loop::Hook asked = loop.when_readable(signals.fd(), [&] {
    const Signals::Wish wish = signals.read();
    if (wish == Signals::Wish::end) return loop.stop();
    if (wish == Signals::Wish::undo) wishes.undo();
    if (wish == Signals::Wish::redo) wishes.redo();
    if (wish == Signals::Wish::reload) wishes.reload();
    look();
  });
  const Loop::Hook told = loop.when_readable(driver.fd(), [&] {
    const News news = driver.attend();
    if (news.late > 0) {
      const float share = engine.longest_share();
      late.take(news.late, share);
      wishes.late(news.late, share);
    }
    tell(news, driver);
    if (news.gone) {
      late.tell();
      reporter.finish();
      throw SystemError(fmt::format("the audio server is gone: {}", news.reason));
    }
    for (const PortChange& change : news.changes) wishes.follow(change);
    if (news.new_rate > 0) wishes.change_rate(news.new_rate);
    look();
  });
  const Loop::Hook saved =
      watch != nullptr ? loop.when_readable(watch->fd(), look) : Loop::Hook();  // look() reads it
  look();
  loop.run();
  late.tell();
  take_reports();
  reporter.finish();
}

}  // namespace perigee
