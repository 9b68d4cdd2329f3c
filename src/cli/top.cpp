// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "cli/command.h"
#include "control/conversation.h"
#include "node/registry.h"
#include "terminal/console.h"
#include "text/json_text.h"

namespace perigee::cli {

namespace {

using nlohmann::json;

constexpr std::chrono::seconds kPause{1};
constexpr std::size_t kMostRows = 20;
constexpr double kSilence = -200;  // dB: less than 32-bit floats hold beside anything

struct Options {
  std::string name = "perigee";
  bool json = false;
};

std::string percent(double part) { return fmt::format("{:.1f} %", 100 * part); }

std::string late_periods(const json& late) {
  const auto own = late.at("own").get<unsigned>(), others = late.at("others").get<unsigned>();
  if (own + others == 0) return "no late periods";
  const std::string all = fmt::format("{} late period{}", own + others, own + others == 1 ? "" : "s");
  if (own == 0) return all + ", the system's";
  return all + (others == 0 ? ", the patch's" : fmt::format(", {} of them the patch's", own));
}

std::string readings(const json& meter) {
  const Spec* const spec = find_kind(meter.at("kind").get<std::string>());
  std::string text;
  if (spec == nullptr) return text;
  for (const Reading& reading : spec->readings) {
    const auto found = meter.at("readings").find(reading.name);
    if (found == meter.at("readings").end()) continue;
    const bool is_level = reading.unit == Unit::db || reading.unit == Unit::lufs;
    const bool is_silent = found->is_null() || (is_level && found->get<double>() <= kSilence);
    const std::string value = is_silent ? "−∞" : fmt::format("{:.1f}", found->get<double>());
    text += fmt::format("  {} {}{}{}", reading.name, value, symbol(reading.unit).empty() ? "" : " ",
                        symbol(reading.unit));
  }
  return text;
}

/// At most so many rows, and what the others are together.
std::string text_of(const json& top, const std::string& name) {
  const double rate = top.at("rate").get<double>();
  std::string text = fmt::format(
      "{}: load {}, at most {}; {}\n{} Hz, {} frames a period, latency {} frames\n", name,
      percent(top.at("load").at("mean")), percent(top.at("load").at("longest")), late_periods(top.at("late")),
      rate, top.at("period").get<int>(), top.at("latency").get<std::int64_t>());
  const json& nodes = top.at("nodes");
  text += nodes.empty() ? "\nnodes: not measured while an edit is under way\n"
                        : "\n  load    ns for 64 frames  node\n";
  double others = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const double load = nodes[i].at("load").get<double>();
    if (i >= kMostRows) {
      others += load;
      continue;
    }
    text += fmt::format("{:>7}  {:>15.0f}  {} ({})\n", percent(load), nodes[i].at("ns").get<double>(),
                        nodes[i].at("name").get<std::string>(), nodes[i].at("kind").get<std::string>());
  }
  if (nodes.size() > kMostRows)
    text += fmt::format("{:>7}  {:>15}  {} others\n", percent(others), "", nodes.size() - kMostRows);
  if (!top.at("meters").empty()) text += "\n";
  for (const json& meter : top.at("meters"))
    text += fmt::format("{}{}\n", meter.at("name").get<std::string>(), readings(meter));
  return text;
}

/// `over` what was there.
void show(const std::string& text, bool over) {
  if (over) console::control(console::Stream::out, "\033[H\033[2J");  // home, and clear
  console::write(console::Stream::out, text);
}

json ask(Conversation& conversation) { return conversation.ask({{"top", true}}).at("top"); }

int top(const Options& options) {
  Conversation conversation(options.name);
  ask(conversation);  // from here on it is measured
  const bool follows = !options.json && isatty(STDOUT_FILENO) != 0;
  do {
    std::this_thread::sleep_for(kPause);
    const json now = ask(conversation);
    if (options.json)
      console::print("{}\n", json_text(now, 2));
    else
      show(text_of(now, options.name), follows);
  } while (follows && console::works(console::Stream::out));
  return kDone;
}

}  // namespace

void add_top(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("top", "what a patch that runs costs, node by node, and what its meters show");
  command->add_option("-n,--name", options->name, "of the running patch; perigee if not given")
      ->option_text("NAME");
  command->add_flag("--json", options->json, "once, for programs, of one second");
  command->callback([options, &run] { run = [options] { return top(*options); }; });
}

}  // namespace perigee::cli
