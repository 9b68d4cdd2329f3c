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
      path_(std::move(script)),
      versions_(engine, driver, path_.string()),
      options_(options),
      threading_{.threads = options.threads},
      lua_(with_ports(script_options(options), driver)),
      engine_(engine),
      conductor_(engine, options.rate, [this](const Event& event) { return send(event); }),
      clock_(engine, driver, conductor_),
      midi_learn_(
          engine, versions_, [this](Patch patch) { return change(std::move(patch)); },
          [this](const Event& event) { return send(event); }) {
  watch_.follow({path_});  // what is saved while the first load runs has been saved
}

std::vector<Mistake> LivePatch::save(bool watched) {
  watched_ = watched;
  outdated_ = false;
  return take_save(lua_.load(path_), false);
}

void LivePatch::start_save(bool watched, std::function<void()> wake) {
  watched_ = watched;
  outdated_ = false;
  lua_.start_load(path_, std::move(wake));
}

std::optional<std::vector<Mistake>> LivePatch::attend_load() {
  auto result = lua_.attend();
  if (!result) return std::nullopt;
  return take_save(std::move(*result), true);
}

std::vector<std::string> LivePatch::take_notices() {
  auto notices = midi_learn_.take_notices();
  std::ranges::move(notices_, std::back_inserter(notices));
  notices_.clear();
  return notices;
}

bool LivePatch::wants_second_look() {
  if (!second_look_.waits()) return false;
  // Who is told of saves attends to these; else nobody looks.
  return second_look_.is_due() || (!watched_ && watch_.saved());
}

namespace {

bool has_outputs(const Patch& patch) {
  return std::ranges::any_of(patch.nodes,
                             [](const PatchNode& node) { return node.spec->role == Role::output; });
}

}  // namespace

/// Whether what was loaded is not to be taken yet.
bool LivePatch::put_off(const LoadedPatch& loaded, bool doubts) {
  const bool changing = doubts && std::ranges::any_of(loaded.sources, &SourceFile::changing);
  if (put_off_ < kMostPutOff && (outdated_ || changing || (watched_ && watch_.touched()))) {
    ++put_off_;
    if (changing) second_look_.look_at(SecondLook::Clock::now() + Watch::kLongPause);
    return true;
  }
  put_off_ = 0;
  if (!loaded.mistakes.empty() || playing() == nullptr || !doubts) {
    second_look_.forget();
    return false;
  }
  const bool is_news = !second_look_.doubts();
  const auto why = second_look_.doubt(loaded.sources, has_outputs(loaded.patch));
  if (why && is_news)
    notices_.push_back(fmt::format("{}: the previous version keeps playing; looking again in {:g} s", *why,
                                   std::chrono::duration<double>(SecondLook::kWait).count()));
  return why.has_value();
}

std::vector<Mistake> LivePatch::take_save(Loaded result, bool doubts) {
  if (playing() != nullptr)
    result.patch = with_learned(std::move(result.patch), learned_in(playing()->patch));
  LoadedPatch loaded = check(std::move(result), options_.rate, options_.memory);
  // A module that this save could not get as far as to read may be what is mended next.
  std::vector<std::filesystem::path> files = loaded.files;
  files.insert(files.end(), files_.begin(), files_.end());
  watch_.follow(files);
  if (put_off(loaded, doubts)) {
    versions_.forget_summary();
    return {};
  }
  if (!loaded.mistakes.empty()) return loaded.mistakes;
  if (journal_ != nullptr && playing() == nullptr) journal_->keep_off(loaded.patch, loaded.files);
  divide(loaded, threading_);
  auto mistakes =
      versions_.play(version_of(std::move(loaded.patch), std::move(loaded.plan), std::move(loaded.moment)));
  if (!mistakes.empty()) return mistakes;
  carry_out(loaded.errands);
  lua_.keep();
  start_loops();
  as_saved_ = true;
  second_look_.settle(std::move(loaded.sources), has_outputs(playing()->patch));
  files_ = std::move(loaded.files);
  watch_.follow(files_);
  return {};
}

void LivePatch::start_run(const Code& code, std::function<void()> wake) {
  if (playing() == nullptr) return lua_.start_run(code, nullptr, nullptr, std::move(wake));
  lua_.start_run(code, {playing(), &playing()->patch}, playing()->moment, std::move(wake));
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
  const auto sets = std::move(result.sets);
  const Version before = playing();
  result.patch = with_learned(std::move(result.patch), learned_in(before->patch));
  if (result.patch == before->patch) {
    lua_.keep();
    if (result.moment->signals != before->moment->signals)
      versions_.rename(version_of(std::move(result.patch), before->plan, std::move(result.moment)));
    set(sets, start_loops());
  } else {
    LoadedPatch loaded = check(std::move(result), options_.rate, options_.memory);
    sent.mistakes = std::move(loaded.mistakes);
    if (sent.mistakes.empty()) {
      divide(loaded, threading_);
      sent.mistakes = versions_.play(
          version_of(std::move(loaded.patch), std::move(loaded.plan), std::move(loaded.moment)));
    }
    if (!sent.mistakes.empty()) {
      lua_.drop();
      sent.value.reset();
      return sent;
    }
    lua_.keep();
    set(sets, start_loops());
    as_saved_ = false;
    sent.summary = summary();
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
          fmt::format("{}{}: {}", sent.summary.empty() ? "" : "; ", back ? "undo" : "redo", summary());
    else
      sent.mistakes.push_back({{}, fmt::format("there is nothing to {}", back ? "undo" : "redo")});
  }
  if (!learning) return sent;
  auto answer = midi_learn_.take(*learning);
  add_mistakes(sent.mistakes, answer.mistakes);
  if (answer.value) sent.value = std::move(answer.value);
  if (answer.changed) sent.summary = summary();
  return sent;
}

/// To a patch of the same script.
std::vector<Mistake> LivePatch::change(Patch patch) {
  std::vector<Mistake> mistakes;
  Plan plan = compile(patch, options_.rate, mistakes, kBankLanes, threading_, options_.memory);
  if (mistakes.empty())
    mistakes = versions_.play(version_of(std::move(patch), std::move(plan), playing()->moment));
  if (!mistakes.empty()) return mistakes;
  start_loops();
  as_saved_ = false;
  return {};
}

std::vector<Mistake> LivePatch::change_rate(double rate) {
  end_log("the sample rate has changed");
  options_.rate = rate;
  conductor_.set_rate(rate);
  clock_.set_rate(rate);
  lua_.set_rate(rate);
  versions_.restart();
  watched_ = outdated_ = false;
  std::vector<Mistake> mistakes;
  if (as_saved_) mistakes = take_save(lua_.load(path_), true);  // what was sent is in no file
  versions_.forget();
  const bool taken = as_saved_ && mistakes.empty() && !second_look_.waits();
  if (taken || playing() == nullptr) return mistakes;
  std::vector<Mistake> more;
  Plan plan = compile(playing()->patch, rate, more, kBankLanes, threading_, options_.memory);
  if (more.empty()) more = versions_.replay(version_of(playing()->patch, std::move(plan), playing()->moment));
  if (!more.empty()) versions_.drop();
  add_mistakes(mistakes, more);
  return mistakes;
}

void LivePatch::log(Journal& journal) {
  engine_.account();
  journal_ = &journal;
  versions_.log(journal_);
}

void LivePatch::end_log(std::string_view why) {
  if (journal_ == nullptr) return;
  mistakes_.push_back({{}, fmt::format("the log ends here: {}", why)});
  std::exchange(journal_, nullptr)->end(engine_.now());
  versions_.log(nullptr);
}

/// After the script that plays has changed. Returns its number.
std::uint64_t LivePatch::start_loops() {
  if (playing() == nullptr || playing()->moment == nullptr) return 0;
  // What a loop has made of the tempo stays, unless the patch says something else than before.
  const double before = std::exchange(tempo_, playing()->patch.tempo);
  if (auto mistake = clock_.choose(playing()->patch.clock, tempo_)) mistakes_.push_back(std::move(*mistake));
  if (before != tempo_) conductor_.set_tempo(tempo_);
  const auto script = lua_.start_loops(conductor_.beat(), playing()->patch, *playing()->moment);
  conductor_.know(script, *playing()->moment, editor().instances());
  conductor_.forget_scripts(lua_);
  conductor_.renew();
  return script;
}

void LivePatch::set(const std::vector<Action>& sets, std::uint64_t script) {
  for (const Action& action : sets) conductor_.set(action, script);
}

std::vector<Mistake> LivePatch::play(double ahead) {
  if (playing() == nullptr) return {};
  const Frames until = engine_.now() + static_cast<Frames>(ahead * options_.rate);
  if (!conductor_.started()) conductor_.start(until, playing()->patch.tempo);
  clock_.look();
  auto mistakes = conductor_.play(lua_, until, kPlaySeconds);
  clock_.tell();
  carry_out(conductor_.take_errands(engine_.now()));
  std::ranges::move(midi_learn_.take_mistakes(), std::back_inserter(mistakes));
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
  midi_learn_.hear(report);
  if (!conductor_.hear(lua_, report)) ++dropped_;
}

bool LivePatch::attend() {
  const auto& midi = playing() == nullptr ? std::vector<MidiPort>() : playing()->patch.midi;
  const bool edits = versions_.attend();
  take_back();
  if (journal_ != nullptr && !journal_->flush()) {
    mistakes_.push_back(
        {{}, fmt::format("the log cannot be written any more ({}): it ends here", journal_->trouble())});
    journal_ = nullptr;
    versions_.log(nullptr);
  }
  return edits || midi_learn_.waits() || conductor_.waiting() || conductor_.has_errands() ||
         std::ranges::any_of(midi, &MidiPort::told);
}

/// What was saved or sent does not come to be heard.
void LivePatch::take_back() {
  auto mistakes = versions_.take_back();
  if (mistakes.empty()) return;
  if (playing()->moment != nullptr) lua_.go_to(*playing()->moment);
  start_loops();
  as_saved_ = false;
  mistakes.push_back({{}, "what was saved last is taken back, the patch before plays on"});
  std::ranges::move(mistakes, std::back_inserter(mistakes_));
}

bool LivePatch::undo() { return versions_.undo() && go_to_moment(); }

bool LivePatch::redo() { return versions_.redo() && go_to_moment(); }

/// Of the version that plays again.
bool LivePatch::go_to_moment() {
  if (playing()->moment != nullptr) lua_.go_to(*playing()->moment);
  start_loops();
  return true;
}

}  // namespace perigee
