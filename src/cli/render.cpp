// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <random>
#include <stdexcept>

#include "cli/command.h"
#include "cli/guard.h"
#include "cli/memory.h"
#include "cli/mistakes.h"
#include "cli/number.h"
#include "cli/threads.h"
#include "control/destinations.h"
#include "control/rendering.h"
#include "control/replay.h"
#include "control/threading.h"
#include "terminal/console.h"
#include "terminal/interruption.h"

namespace perigee::cli {

namespace {

struct Options {
  std::string patch, log;
  std::vector<std::string> outputs, inputs, midi;
  double seconds = 0, rate = 0;
  std::string period = "1024", threads = "1", guard, memory;
  bool raw = false, trust = false;
};

/// "PORT=FILE" or "FILE". A file whose name holds a = is written as PORT=FILE.
std::vector<PortFile> places_of(const std::vector<std::string>& arguments) {
  std::vector<PortFile> places;
  for (const std::string& argument : arguments) {
    const auto equals = argument.find('=');
    if (equals == std::string::npos)
      places.push_back({"", argument});
    else
      places.push_back({argument.substr(0, equals), argument.substr(equals + 1)});
  }
  return places;
}

Periods periods_of(const Options& options) {
  if (options.period == "random") {
    const auto seed = std::random_device()();
    return {.frames = 2048, .seed = seed | 1U};
  }
  int frames = 0;
  const auto [end, failure] =
      std::from_chars(options.period.data(), options.period.data() + options.period.size(), frames);
  if (failure != std::errc() || end != options.period.data() + options.period.size() || frames < 1 ||
      frames > 65536)
    throw std::invalid_argument(
        fmt::format("-p {}: a period is 1 to 65536 frames, or random", options.period));
  return {.frames = frames};
}

/// Tells a terminal how far it has got, ten times a second.
class Progress {
 public:
  void show(Frames done, Frames all) {
    if (!terminal_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    shown_ = true;
    console::control(console::Stream::error,
                     fmt::format("\r{:3d} %", static_cast<int>(100 * done / std::max<Frames>(all, 1))));
  }
  void clear() const {
    if (shown_) console::control(console::Stream::error, "\r     \r");
  }

 private:
  bool terminal_ = isatty(STDERR_FILENO) == 1, shown_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

std::vector<InputFile> read_inputs(const Options& options) {
  std::vector<InputFile> inputs;
  for (const PortFile& place : places_of(options.inputs)) {
    inputs.push_back(read_input(place));
    if (const auto mended = inputs.back().sound.mended; mended > 0)
      console::complain("{}: {} samples were NaN or infinite and are taken as silence\n", place.file, mended);
  }
  return inputs;
}

constexpr double kLowestRate = 1000, kHighestRate = 768000;  // Hz, for which nodes are made

double rate_of(const Options& options, const std::vector<InputFile>& inputs) {
  if (options.rate > 0 || inputs.empty()) return options.rate > 0 ? options.rate : 48000;
  const auto& [place, sound] = inputs.front();
  if (!(sound.rate >= kLowestRate && sound.rate <= kHighestRate))
    throw Misfit(fmt::format("{}: its rate, {} Hz, is not from {} to {} Hz: give one with -r", place.file,
                             sound.rate, kLowestRate, kHighestRate));
  return sound.rate;
}

std::string in_words(const files::Loudness& loudness) {
  return loudness.unmeasured().empty() ? fmt::format("{:.1f} LUFS", loudness.integrated())
                                       : fmt::format("loudness not measured: {}", loudness.unmeasured());
}

void print_outputs(const std::vector<OutputFile>& outputs, Frames frames, double rate) {
  for (const OutputFile& output : outputs)
    console::print("{}: {:.3f} s, {} lane{}, {:.0f} Hz, peak {:.1f} dBFS, {}\n", output.file(),
                   static_cast<double>(frames) / rate, output.port().lanes,
                   output.port().lanes == 1 ? "" : "s", rate, output.loudness().peak_db(),
                   in_words(output.loudness()));
}

/// Where outputs go: not over a file that is read.
void check_outputs(const Options& options, Destinations& destinations) {
  for (const PortFile& input : places_of(options.inputs)) destinations.read(input.file, "an input");
  for (const PortFile& midi : places_of(options.midi)) destinations.read(midi.file, "an input");
  for (const PortFile& output : places_of(options.outputs)) destinations.write(output.file);
}

/// Of a rendering that breaks off: what there is of it can be used, and is not lost.
void keep_outputs(std::vector<OutputFile>& outputs, double rate) {
  for (OutputFile& output : outputs) {
    try {
      if (const auto file = output.keep())
        console::complain("{}: not complete: the first {:.3f} s\n", file->string(),
                          static_cast<double>(output.frames()) / rate);
    } catch (const std::runtime_error& error) {
      console::complain("{}\n", error.what());
    }
  }
}

/// `run` renders, and returns false if it was interrupted.
int with_outputs(std::vector<OutputFile>& outputs, double rate, const std::function<bool()>& run) {
  const console::Interruption interruption;
  try {
    if (run()) return kDone;
  } catch (const std::runtime_error&) {
    keep_outputs(outputs, rate);
    throw;
  }
  keep_outputs(outputs, rate);
  return kInterrupted + console::interrupted_by();
}

/// A performance again. What the log says is not to be had otherwise.
int replay(const Options& options) {
  if (!options.patch.empty() || !options.midi.empty() || options.seconds > 0 || options.rate > 0 ||
      options.raw || !options.guard.empty())
    throw std::invalid_argument(
        "--log takes the patches, MIDI, length, rate and guard from the log: give it only -o and -i");
  Replay performance(options.log, memory_of(options.memory));
  if (!performance.remark().empty()) console::complain("{}\n", performance.remark());
  Destinations destinations;
  destinations.read(options.log, "the log");
  performance.tell(destinations);
  check_outputs(options, destinations);
  Reporter reporter(stderr, stdout);
  Progress progress;
  const int code = with_outputs(performance.outputs(), performance.rate(), [&] {
    const bool done = performance.run({.outputs = places_of(options.outputs), .inputs = read_inputs(options)},
                                      reporter, [&](Frames at) { progress.show(at, performance.frames()); });
    progress.clear();
    return done;
  });
  reporter.finish();
  if (code != kDone) return code;
  print_outputs(performance.outputs(), performance.frames(), performance.rate());
  return kDone;
}

int render(const Options& options) {
  if (!options.log.empty()) return replay(options);
  if (options.patch.empty()) throw std::invalid_argument("PATCH is required, or --log FILE");
  const auto started = std::chrono::steady_clock::now();
  const Periods periods = periods_of(options);
  const std::vector<InputFile> inputs = read_inputs(options);
  const double rate = rate_of(options, inputs);
  LoadedPatch loaded = load(options.patch, {.rate = rate,
                                            .trust = options.trust,
                                            .threads = threads_of(options.threads, 0),
                                            .memory = memory_of(options.memory)});
  print_mistakes(loaded.mistakes);
  if (loaded.program == nullptr) return kPatchAtFault;
  if (const std::string threads = describe_threads(loaded.plan); !threads.empty())
    console::print("{}\n", threads);
  Destinations destinations;
  destinations.read(loaded.files, "a script of the patch");
  destinations.read(loaded.patch);
  check_outputs(options, destinations);
  Rendering rendering(std::move(loaded), inputs,
                      {.outputs = places_of(options.outputs),
                       .seconds = options.seconds,
                       .raw = options.raw,
                       .midi = places_of(options.midi),
                       .limit = limit_of(options.guard.empty() ? kUsualGuard : options.guard)});

  for (const MidiTrack& track : rendering.midi())
    for (const std::string& remark : track.remarks) console::complain("{}\n", remark);

  Reporter reporter(stderr, stdout);
  Progress progress;
  const int code = with_outputs(rendering.outputs(), rate, [&] {
    rendering.run(periods, reporter, [&](Frames done) { progress.show(done, rendering.all()); });
    progress.clear();
    if (console::interrupted_by() != 0) return false;
    rendering.close();
    return true;
  });
  print_mistakes(rendering.mistakes());
  reporter.finish();
  if (code != kDone) return code;

  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  print_outputs(rendering.outputs(), rendering.frames(), rate);
  console::print("rendered in {:.3f} s: {:.0f} times real time\n", took.count(),
                 static_cast<double>(rendering.all()) / rate / took.count());
  if (!rendering.mistakes().empty()) return kPatchAtFault;
  return kDone;
}

}  // namespace

void add_render(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("render", "renders a patch to files, faster than real time");
  command->add_option("PATCH", options->patch, "a Lua script; needed without --log");
  command
      ->add_option(
          "-o,--output", options->outputs,
          "an output and the file for it, whose format follows the ending; needed, and once for each")
      ->required()
      ->option_text("[PORT=]FILE")
      ->allow_extra_args(false);
  command->add_option("-i,--input", options->inputs, "an input and the file that feeds it; once for each")
      ->option_text("[PORT=]FILE")
      ->allow_extra_args(false);
  command
      ->add_option("-m,--midi", options->midi,
                   "a MIDI port and the Standard MIDI File that is played at it; once for each")
      ->option_text("[PORT=]FILE")
      ->allow_extra_args(false);
  command
      ->add_option("-d,--duration", options->seconds,
                   "how long; else the longest input or MIDI file, else 10 s")
      ->check(number_in(1e-6, 1e6))
      ->option_text("SECONDS");
  command->add_option("-r,--rate", options->rate, "sample rate, Hz; else that of the first input, else 48000")
      ->check(number_in(kLowestRate, kHighestRate))
      ->option_text("RATE");
  command
      ->add_option("-p,--period", options->period,
                   "handed over at a time; 1024 if not given, or random: the sound is the same")
      ->option_text("FRAMES");
  add_threads(*command, options->threads);
  add_guard(*command, options->guard);
  add_memory(*command, options->memory);
  command
      ->add_option("--log", options->log,
                   "a performance that perigee run --log FILE wrote down, in place of a patch: bit by bit "
                   "what was heard, "
                   "with its latency, given the same inputs from its first frame on")
      ->option_text("FILE");
  command->add_flag("--raw", options->raw, "keep the patch's latency at the start of the files");
  command->add_flag("--trust", options->trust, "run the script without the sandbox");
  command->callback([&run, options] {
    run = [options]() -> int {
      try {
        return render(*options);
      } catch (const Misfit& error) {
        console::complain("{}\n", error.what());
        return kPatchAtFault;
      } catch (const std::invalid_argument& error) {  // a period, or a file that no format fits
        console::complain("{}\n", error.what());
        return kUsage;
      }
    };
  });
}

}  // namespace perigee::cli
