// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <memory>
#include <random>
#include <stdexcept>

#include "cli/command.h"
#include "cli/mistakes.h"
#include "control/load.h"
#include "control/reporter.h"
#include "drivers/offline.h"
#include "files/loudness.h"
#include "files/resample.h"
#include "files/sound_file.h"
#include "files/sound_writer.h"

namespace perigee::cli {

namespace {

struct Options {
  std::string patch;
  std::vector<std::string> outputs, inputs;
  double seconds = 0, rate = 0;
  std::string period = "1024";
  bool raw = false, trust = false;
};

constexpr double kDefaultSeconds = 10;

/// Something in the arguments or the input that the user has to mend; carries the exit code.
struct Refusal {
  Exit code;
  std::string text;
};

/// "PORT=FILE" or "FILE". A file whose name holds a = is written as PORT=FILE.
std::pair<std::string, std::string> split(const std::string& argument) {
  const auto equals = argument.find('=');
  if (equals == std::string::npos) return {"", argument};
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

/// The port that an argument means: by its name, else `usual`, else the only one.
const PortBinding& find_port(const std::vector<PortBinding>& ports, const std::string& name,
                             std::string_view usual, std::string_view what) {
  for (const PortBinding& port : ports)
    if (port.name == (name.empty() ? usual : name)) return port;
  if (name.empty() && ports.size() == 1) return ports.front();
  std::string names;
  for (const PortBinding& port : ports) names += (names.empty() ? "" : ", ") + port.name;
  const std::string there = ports.empty() ? fmt::format("the patch has no {}", what)
                                          : fmt::format("the patch's {}s are: {}", what, names);
  throw Refusal{kPatchAtFault, name.empty() ? fmt::format("{}: say which, as PORT=FILE", there)
                                            : fmt::format("there is no {} \"{}\": {}", what, name, there)};
}

struct Input {
  std::string port;
  files::SoundFile sound;
};

std::vector<Input> read_inputs(const Options& options) {
  std::vector<Input> inputs;
  for (const std::string& argument : options.inputs) {
    const auto [port, file] = split(argument);
    try {
      inputs.push_back({port, files::read_sound(file)});
    } catch (const std::runtime_error& error) {
      throw Refusal{kPatchAtFault, error.what()};
    }
    if (inputs.back().sound.mended > 0)
      fmt::print(stderr, "{}: {} samples were NaN or infinite and are taken as silence\n", file,
                 inputs.back().sound.mended);
  }
  return inputs;
}

/// The channels of the program's inputs, at its rate.
std::vector<std::vector<float>> channels_of(const std::vector<Input>& inputs, const Program& program) {
  const auto& ports = program.inputs;
  std::vector<std::vector<float>> channels(ports.empty() ? 0
                                                         : ports.back().first_channel + ports.back().lanes);
  for (const Input& input : inputs) {
    const PortBinding& port = find_port(ports, input.port, "", "input");
    const auto& lanes = input.sound.lanes;
    if (lanes.size() != 1 && lanes.size() != port.lanes)
      throw Refusal{kPatchAtFault, fmt::format("input \"{}\" has {} lanes, and the file for it has {}",
                                               port.name, port.lanes, lanes.size())};
    for (unsigned lane = 0; lane < port.lanes; ++lane) {
      const auto& from = lanes[lanes.size() == 1 ? 0 : lane];
      channels[port.first_channel + lane] =
          input.sound.rate == program.rate ? from : files::resample(from, input.sound.rate, program.rate);
    }
  }
  return channels;
}

/// One file being written: an output port, less its latency.
struct OutputFile {
  PortBinding port;
  std::string file;
  Frames skip = 0;
  std::unique_ptr<files::SoundWriter> writer;
  std::unique_ptr<files::Loudness> loudness;

  void take(std::span<const float* const> channels, Frames at, int frames, Frames wanted) {
    const Frames from = std::clamp<Frames>(skip - at, 0, frames);
    const Frames to = std::clamp<Frames>(skip + wanted - at, from, frames);
    if (from == to) return;
    std::vector<const float*> lanes;
    for (unsigned lane = 0; lane < port.lanes; ++lane)
      lanes.push_back(channels[port.first_channel + lane] + from);
    writer->write(lanes, to - from);
    loudness->add(lanes, to - from);
  }
};

std::vector<OutputFile> open_outputs(const Options& options, const LoadedPatch& loaded) {
  std::vector<OutputFile> outputs;
  for (const std::string& argument : options.outputs) {
    const auto [name, file] = split(argument);
    OutputFile output{.port = find_port(loaded.program->outputs, name, "main", "output"), .file = file};
    if (!options.raw) output.skip = loaded.plan.timing.arrivals[output.port.node].at;
    output.writer = std::make_unique<files::SoundWriter>(file, loaded.program->rate, output.port.lanes);
    output.loudness = std::make_unique<files::Loudness>(loaded.program->rate, output.port.lanes);
    outputs.push_back(std::move(output));
  }
  return outputs;
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
    throw Refusal{kUsage, fmt::format("-p {}: a period is 1 to 65536 frames, or random", options.period)};
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
    fmt::print(stderr, "\r{:3d} %", static_cast<int>(100 * done / std::max<Frames>(all, 1)));
    std::fflush(stderr);
  }
  void clear() const {
    if (shown_) fmt::print(stderr, "\r     \r");
  }

 private:
  bool terminal_ = isatty(STDERR_FILENO) == 1, shown_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

int render(const Options& options) {
  const auto started = std::chrono::steady_clock::now();
  const Periods periods = periods_of(options);
  const auto inputs = read_inputs(options);
  const double rate = options.rate > 0 ? options.rate : inputs.empty() ? 48000 : inputs.front().sound.rate;
  LoadedPatch loaded = load(options.patch, {.rate = rate, .trust = options.trust});
  print_mistakes(loaded.mistakes);
  if (loaded.program == nullptr) return kPatchAtFault;
  const auto channels = channels_of(inputs, *loaded.program);
  auto outputs = open_outputs(options, loaded);

  Frames wanted = static_cast<Frames>((options.seconds > 0 ? options.seconds : kDefaultSeconds) * rate + 0.5);
  if (options.seconds == 0 && !inputs.empty()) {
    wanted = 0;
    for (const auto& channel : channels) wanted = std::max(wanted, static_cast<Frames>(channel.size()));
  }
  Frames all = wanted;
  for (const OutputFile& output : outputs) all = std::max(all, wanted + output.skip);

  const auto& ports = loaded.program->outputs;
  const unsigned out_channels = ports.empty() ? 0 : ports.back().first_channel + ports.back().lanes;
  Engine engine;
  engine.publish(std::move(loaded.program));
  Reporter reporter(stderr, stdout);
  const auto take_reports = [&] {
    for (Report report; engine.receive(report);) reporter.take(report, rate);
  };
  Progress progress;
  Frames at = 0;
  run_offline(engine, channels, out_channels, all, periods,
              [&](std::span<const float* const> from, int frames) {
                for (OutputFile& output : outputs) output.take(from, at, frames, wanted);
                at += frames;
                take_reports();
                progress.show(at, all);
                return true;
              });
  engine.report_readings();
  progress.clear();
  take_reports();
  reporter.finish();

  for (OutputFile& output : outputs) output.writer->close();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  for (const OutputFile& output : outputs)
    fmt::print("{}: {:.3f} s, {} lane{}, {:.0f} Hz, peak {:.1f} dBFS, {:.1f} LUFS\n", output.file,
               static_cast<double>(wanted) / rate, output.port.lanes, output.port.lanes == 1 ? "" : "s", rate,
               output.loudness->peak_db(), output.loudness->integrated());
  fmt::print("rendered in {:.3f} s: {:.0f} times real time\n", took.count(),
             static_cast<double>(all) / rate / took.count());
  return kDone;
}

}  // namespace

void add_render(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("render", "renders a patch to files, faster than real time");
  command->add_option("PATCH", options->patch, "a Lua script")->required();
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
  command->add_option("-d,--duration", options->seconds, "how long; else the longest input, else 10 s")
      ->check(CLI::Range(1e-6, 1e6))
      ->option_text("SECONDS");
  command->add_option("-r,--rate", options->rate, "sample rate, Hz; else that of the first input, else 48000")
      ->check(CLI::Range(1000.0, 768000.0))
      ->option_text("RATE");
  command
      ->add_option("-p,--period", options->period,
                   "handed over at a time; 1024 if not given, or random: the sound is the same")
      ->option_text("FRAMES");
  command->add_flag("--raw", options->raw, "keep the patch's latency at the start of the files");
  command->add_flag("--trust", options->trust, "run the script without the sandbox");
  command->callback([&run, options] {
    run = [options]() -> int {
      try {
        return render(*options);
      } catch (const Refusal& refusal) {
        fmt::print(stderr, "{}\n", refusal.text);
        return refusal.code;
      } catch (const std::invalid_argument& error) {  // a file that no format fits
        fmt::print(stderr, "{}\n", error.what());
        return kUsage;
      }
    };
  });
}

}  // namespace perigee::cli
