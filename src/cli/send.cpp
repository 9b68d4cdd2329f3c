// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>

#include "cli/answer.h"
#include "cli/command.h"
#include "control/conversation.h"
#include "files/plain_file.h"
#include "terminal/console.h"

namespace perigee::cli {

namespace {

struct Options {
  std::string name = "perigee";
  std::optional<std::string> code;
  std::string file;
};

/// FILE:FROM-TO or FILE:LINE.
struct Excerpt {
  std::string file;
  int from = 1, to = INT_MAX;
};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1) return std::nullopt;
  return value;
}

/// A file may be called so: then it is all of that one.
Excerpt excerpt_of(const std::string& text) {
  Excerpt whole{.file = text};
  std::error_code ignored;
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || std::filesystem::exists(text, ignored)) return whole;
  const std::string_view lines = std::string_view(text).substr(colon + 1);
  const auto dash = std::min(lines.find('-'), lines.size());
  const auto from = number(lines.substr(0, dash));
  const auto to = dash == lines.size() ? from : number(lines.substr(dash + 1));
  if (!from || !to) return whole;
  return {.file = text.substr(0, colon), .from = *from, .to = *to};
}

constexpr std::uint64_t kLargest = std::uint64_t{16} << 20U;  // bytes, as of scripts

std::string standard_input() {
  std::string text;
  while (text.size() <= kLargest && std::cin) {
    char part[4096];
    std::cin.read(part, sizeof part);
    text.append(part, static_cast<std::size_t>(std::cin.gcount()));
  }
  if (text.size() > kLargest) throw files::Unreadable("is larger than 16 MiB");
  if (std::cin.bad()) throw files::Unreadable("cannot be read");
  return text;
}

/// Throws files::Unreadable.
std::string lines_of(const Excerpt& excerpt) {
  std::istringstream in(excerpt.file == "-" ? standard_input() : files::read_all(excerpt.file, kLargest));
  std::string code, line;
  int count = 0;
  while (count < excerpt.to && std::getline(in, line))
    if (++count >= excerpt.from) code += line + "\n";
  return code;
}

int send(const Options& options) {
  nlohmann::json request;
  if (options.code) {
    request = {{"run", *options.code}, {"file", "-e"}};
  } else {
    const Excerpt excerpt = excerpt_of(options.file);
    try {
      request = {{"run", lines_of(excerpt)}, {"file", excerpt.file}, {"line", excerpt.from}};
    } catch (const files::Unreadable& reason) {
      console::complain("{}: it {}\n", excerpt.file, reason.what());
      return kPatchAtFault;
    }
  }
  Conversation conversation(options.name);
  return print_answer(conversation.ask(std::move(request), print_said)) ? kDone : kPatchAtFault;
}

}  // namespace

void add_send(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("send", "sends code to a patch that runs: it adds and redefines");
  auto* file =
      command->add_option("FILE", options->file, "FILE, FILE:LINE or FILE:FROM-TO; - is standard input");
  auto* code =
      command->add_option("-e,--execute", options->code, "code, in place of a file")->option_text("CODE");
  file->excludes(code);
  command->add_option("-n,--name", options->name, "of the running patch; perigee if not given")
      ->option_text("NAME");
  command->callback([options, file, code, &run] {
    if (file->count() + code->count() == 0) throw CLI::RequiredError("FILE or -e");
    run = [options] { return send(*options); };
  });
}

}  // namespace perigee::cli
