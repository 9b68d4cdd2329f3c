// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/live_patch.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "patch/learned.h"

namespace perigee {

namespace {

/// Files that are written all the time are read all the same.
constexpr int kMostPutOff = 3;
/// Loops and callbacks take so long at most before others have a turn.
constexpr double kPlaySeconds = 0.05;

ScriptOptions with_ports(ScriptOptions options, const Driver& driver) {
  options.ports = [&driver](const std::string& pattern) { return driver.ports(pattern); };
  return options;
}

}  // namespace

LivePatch::LivePatch(Engine& engine, Driver& driver, std::filesystem::path script, const LoadOptions& options)
    : driver_(driver),
      editor_(
          engine,
          [this](auto program, const auto& latencies) {
            program->number = ++published_;
            driver_.publish(std::move(program), latencies);
          },
          [this](Program& program) { driver_.prepare(program); }),
      path_(std::move(script)),
      options_(options),
      threading_{.threads = options.threads},
      lua_(with_ports(script_options(options), driver)),
      engine_(engine),
      conductor_(engine, options.rate, [this](const Event& event) { return send(event); }),
      clock_(engine, driver, conductor_) {
  watch_.follow({path_});  // what is saved while the first load runs has been saved
}

std::vector<Mistake> LivePatch::take(const Version& version) {
  const Version heard = editor_.heard();
  std::vector<Mistake> mistakes;
  try {
    const Diff changes = editor_.edit(version, mistakes);
    if (!mistakes.empty()) return mistakes;
    if (journal_ != nullptr) journal_->edited(editor_);
    summary_ = perigee::summary(changes);
    details_ = perigee::details(changes, heard->patch, version->patch);
  } catch (const SystemError& full) {
    if (playing_ == nullptr) throw;
    return {{{path_.string(), 0}, full.what()}};
  }
  playing_ = version;
  driver_.route(version->patch.routes);
  return {};
}

std::vector<Mistake> LivePatch::save(bool watched) {
  watched_ = watched;
  outdated_ = false;
  return take_save(lua_.load(path_));
}

void LivePatch::start_save(bool watched, std::function<void()> wake) {
  watched_ = watched;
  outdated_ = false;
  lua_.start_load(path_, std::move(wake));
}

std::optional<std::vector<Mistake>> LivePatch::attend_load() {
  auto result = lua_.attend();
  if (!result) return std::nullopt;
  return take_save(std::move(*result));
}

std::vector<Mistake> LivePatch::take_save(Loaded result) {
  if (playing_ != nullptr) result.patch = with_learned(std::move(result.patch), learned_in(playing_->patch));
  LoadedPatch loaded = check(std::move(result), options_.rate);
  // A module that this save could not get as far as to read may be what is mended next.
  std::vector<std::filesystem::path> files = loaded.files;
  files.insert(files.end(), files_.begin(), files_.end());
  watch_.follow(files);
  if (put_off_ < kMostPutOff && (outdated_ || (watched_ && watch_.touched()))) {
    ++put_off_;
    summary_.clear();
    details_.clear();
    return {};
  }
  put_off_ = 0;
  if (!loaded.mistakes.empty()) return loaded.mistakes;
  divide(loaded, threading_);
  const Version before = playing_;
  auto mistakes = take(version_of(std::move(loaded.patch), std::move(loaded.plan), std::move(loaded.moment)));
  if (!mistakes.empty()) return mistakes;
  carry_out(loaded.errands);
  lua_.keep();
  start_loops();
  as_saved_ = true;
  files_ = std::move(loaded.files);
  watch_.follow(files_);
  remember(before);
  return {};
}

void LivePatch::remember(const Version& before) {
  after_.clear();
  if (before == nullptr) return;
  before_.push_back(before);
  keep_newest(before_);
}

void LivePatch::start_run(const Code& code, std::function<void()> wake) {
  if (playing_ == nullptr) return lua_.start_run(code, nullptr, nullptr, std::move(wake));
  lua_.start_run(code, {playing_, &playing_->patch}, playing_->moment, std::move(wake));
}

std::optional<LivePatch::Sent> LivePatch::attend_run() {
  auto result = lua_.attend();
  if (!result) return std::nullopt;
  return take_run(std::move(*result));
}

LivePatch::Sent LivePatch::take_run(Loaded result) {
  Sent sent{.mistakes = result.mistakes, .incomplete = result.incomplete, .value = std::move(result.value)};
  if (!sent.mistakes.empty()) return sent;
  const auto steps = std::move(result.steps);
  const auto errands = std::move(result.errands);
  const auto learning = std::move(result.learning);
  const Version before = playing_;
  result.patch = with_learned(std::move(result.patch), learned_in(before->patch));
  if (result.patch == before->patch) {
    lua_.keep();
    if (result.moment->signals != before->moment->signals)
      playing_ = version_of(std::move(result.patch), before->plan, std::move(result.moment));
    start_loops();
  } else {
    LoadedPatch loaded = check(std::move(result), options_.rate);
    sent.mistakes = std::move(loaded.mistakes);
    if (sent.mistakes.empty()) {
      divide(loaded, threading_);
      sent.mistakes =
          take(version_of(std::move(loaded.patch), std::move(loaded.plan), std::move(loaded.moment)));
    }
    if (!sent.mistakes.empty()) {
      lua_.drop();
      sent.value.reset();
      return sent;
    }
    lua_.keep();
    start_loops();
    as_saved_ = false;
    remember(before);
    sent.summary = summary_;
  }
  carry_out(errands);
  for (const Loaded::Step step : steps) {
    if (step == Loaded::Step::hush) {
      lua_.stop_loops();
      conductor_.hush();
      continue;
    }
    const bool back = step == Loaded::Step::undo;
    if (back ? undo() : redo())
      sent.summary +=
          fmt::format("{}{}: {}", sent.summary.empty() ? "" : "; ", back ? "undo" : "redo", summary_);
    else
      sent.mistakes.push_back({{}, fmt::format("there is nothing to {}", back ? "undo" : "redo")});
  }
  if (learning) take_learning(*learning, sent);
  return sent;
}

void LivePatch::take_learning(const Learning& asked, Sent& sent) {
  const Patch& patch = playing_->patch;
  if (asked.what == Learning::What::tell) {
    for (const Learned& one : learned_in(patch))
      sent.value = fmt::format("{}{} = {}", sent.value ? *sent.value + "\n" : "", one.param,
                               to_string(one.controller));
    if (learner_.waits())
      sent.value =
          fmt::format("{}{} waits for a controller", sent.value ? *sent.value + "\n" : "", learner_.param());
    return;
  }
  engine_.report_midi(asked.what == Learning::What::begin);
  learner_.end();
  if (asked.what == Learning::What::end) return;
  const auto& names = playing_->moment->signals;
  const auto name = std::ranges::find(names, asked.param, [](const auto& one) { return one.second; });
  if (name == names.end()) {
    sent.mistakes.push_back({asked.where, "learn: no global holds this param, so that it has no name"});
  } else if (asked.what == Learning::What::begin) {
    if (patch.midi.empty())
      sent.mistakes.push_back(
          {asked.where, "learn: the patch has no MIDI port: keys = midi(\"keys\") makes one"});
    else
      learner_.begin(name->first);
  } else if (!find_learned(patch, name->first)) {
    sent.mistakes.push_back({asked.where, fmt::format("learn: {} has learned no controller", name->first)});
  } else {
    sent.mistakes = change(forget(patch, name->first));
    sent.summary = summary_;
  }
}

/// To a patch of the same script.
std::vector<Mistake> LivePatch::change(Patch patch) {
  const Version before = playing_;
  std::vector<Mistake> mistakes;
  Plan plan = compile(patch, options_.rate, mistakes, kBankLanes, threading_);
  if (mistakes.empty()) mistakes = take(version_of(std::move(patch), std::move(plan), before->moment));
  if (!mistakes.empty()) return mistakes;
  start_loops();
  as_saved_ = false;
  remember(before);
  return {};
}

void LivePatch::learn(const Controller& controller, const Message& turned) {
  const std::string param = learner_.param();
  learner_.end();
  engine_.report_midi(false);
  const auto mistakes = change(perigee::learn(playing_->patch, param, controller));
  std::ranges::copy(mistakes, std::back_inserter(mistakes_));
  const auto learned = find_learned(playing_->patch, param);
  if (!mistakes.empty() || !learned) return;
  // It stands where it was turned to.
  send({.time = engine_.now(), .target = editor_.instance(*learned), .tells = true, .message = turned});
  notices_.push_back(fmt::format("{0} has learned its controller; cc = {1} in its param keeps it", param,
                                 to_string(controller)));
}

std::vector<Mistake> LivePatch::change_rate(double rate) {
  end_log("the sample rate has changed");
  options_.rate = rate;
  conductor_.set_rate(rate);
  clock_.set_rate(rate);
  lua_.set_rate(rate);
  editor_.restart();
  auto mistakes = as_saved_ ? save() : std::vector<Mistake>();  // what was sent is in no file
  before_.clear();                                              // planned for the old rate
  after_.clear();
  if ((as_saved_ && mistakes.empty()) || playing_ == nullptr) return mistakes;
  std::vector<Mistake> more;
  Plan plan = compile(playing_->patch, rate, more, kBankLanes, threading_);
  if (more.empty()) more = take(version_of(playing_->patch, std::move(plan), playing_->moment));
  if (!more.empty()) playing_.reset();
  add_mistakes(mistakes, more);
  return mistakes;
}

bool LivePatch::go(std::deque<Version>& from, std::deque<Version>& to) {
  if (from.empty()) return false;
  const Version before = playing_;
  if (!take(from.back()).empty()) return false;
  if (playing_->moment != nullptr) lua_.go_to(*playing_->moment);
  start_loops();
  from.pop_back();
  to.push_back(before);
  return true;
}

void LivePatch::end_log(std::string_view why) {
  if (journal_ == nullptr) return;
  mistakes_.push_back({{}, fmt::format("the log ends here: {}", why)});
  std::exchange(journal_, nullptr)->end(engine_.now());
}

/// After the script that plays has changed.
void LivePatch::start_loops() {
  if (playing_ == nullptr || playing_->moment == nullptr) return;
  // What a loop has made of the tempo stays, unless the patch says something else than before.
  const double before = std::exchange(tempo_, playing_->patch.tempo);
  if (auto mistake = clock_.choose(playing_->patch.clock, tempo_)) mistakes_.push_back(std::move(*mistake));
  if (conductor_.follows()) end_log("it knows nothing of the clocks of others");
  if (before != tempo_) conductor_.set_tempo(tempo_);
  const auto script = lua_.start_loops(conductor_.beat(), playing_->patch, *playing_->moment);
  conductor_.know(script, *playing_->moment, editor_.instances());
  conductor_.renew();
}

std::vector<Mistake> LivePatch::play(double ahead) {
  if (playing_ == nullptr) return {};
  const Frames until = engine_.now() + static_cast<Frames>(ahead * options_.rate);
  if (!conductor_.started()) conductor_.start(until, playing_->patch.tempo);
  clock_.look();
  auto mistakes = conductor_.play(lua_, until, kPlaySeconds);
  clock_.tell();
  carry_out(conductor_.take_errands(engine_.now()));
  std::ranges::move(mistakes_, std::back_inserter(mistakes));
  mistakes_.clear();
  if (const auto dropped = std::exchange(dropped_, 0); dropped > 0)
    mistakes.push_back(
        {{path_.string(), 0}, fmt::format("{} callbacks were left out: too much happened at once", dropped)});
  return mistakes;
}

void LivePatch::carry_out(const std::vector<Errand>& errands) {
  std::vector<WireOrder> orders;
  for (const Errand& errand : errands) {
    if (const auto* order = std::get_if<WireOrder>(&errand)) {
      orders.push_back(*order);
      continue;
    }
    const auto& sending = std::get<OscSending>(errand);
    if (std::string mistake = osc_.send(sending); !mistake.empty())
      mistakes_.push_back({sending.where, std::move(mistake)});
  }
  if (!orders.empty()) driver_.rewire(orders);
}

bool LivePatch::tell(Occasion occasion, Frames time) {
  if (!lua_.asks().contains(occasion.name)) return false;
  if (time == 0) time = conductor_.answer_to(engine_.now());
  if (!conductor_.tell(lua_, std::move(occasion), time)) ++dropped_;
  return true;
}

bool LivePatch::send(const Event& event) {
  if (!engine_.send(event)) return false;
  if (journal_ != nullptr) journal_->sent(event);
  return true;
}

void LivePatch::hear(const Report& report) {
  if (journal_ != nullptr) journal_->take(report);
  if (report.what != Report::What::heard) return;
  clock_.hear(report);
  if (learner_.waits())
    if (const auto controller = learner_.hear(report.at->name, report.message))
      learn(*controller, report.message);
  if (!conductor_.hear(lua_, report)) ++dropped_;
}

bool LivePatch::attend() {
  const auto& midi = playing_ == nullptr ? std::vector<MidiPort>() : playing_->patch.midi;
  const unsigned before = published_;
  const bool edits = editor_.attend();
  if (journal_ != nullptr && published_ != before) journal_->attended(editor_);
  if (journal_ != nullptr && !journal_->flush()) {
    mistakes_.push_back({{}, "the log cannot be written any more: it ends here"});
    journal_ = nullptr;
  }
  return edits || learner_.waits() || conductor_.waiting() || conductor_.has_errands() ||
         std::ranges::any_of(midi, &MidiPort::told);
}

bool LivePatch::undo() { return go(before_, after_); }

bool LivePatch::redo() { return go(after_, before_); }

}  // namespace perigee
