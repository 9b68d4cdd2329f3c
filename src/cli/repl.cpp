// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "cli/answer.h"
#include "cli/command.h"
#include "cli/line_editor.h"
#include "control/conversation.h"
#include "terminal/console.h"

namespace perigee::cli {

namespace {

/// "tree verb" is tree(verb), as far as these words are concerned.
std::string command_in(const std::string& line) {
  constexpr std::array<std::string_view, 6> kCommands = {"help", "ls", "tree", "undo", "redo", "hush"};
  const auto end = line.find_last_not_of(" \t") + 1;
  const auto gap = std::min(line.find_first_of(" \t"), end);
  if (std::ranges::count(kCommands, std::string_view(line).substr(0, gap)) == 0) return line;
  const auto start = std::min(line.find_first_not_of(" \t", gap), end);
  const std::string argument = line.substr(start, end - start);
  const auto in_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.'; };
  return std::ranges::all_of(argument, in_name) ? fmt::format("{}({})", line.substr(0, gap), argument) : line;
}

std::vector<std::string> words_for(Conversation& conversation, std::string_view text) {
  const auto answer = conversation.ask({{"complete", text}});
  return answer.value("words", std::vector<std::string>());
}

int repl(const std::string& name) {
  Conversation conversation(name);
  LineEditor editor([&](std::string_view text) { return words_for(conversation, text); });
  if (editor.at_terminal())
    console::print("talking to \"{}\": help() tells what there is, Ctrl-D ends\n", name);
  bool faultless = true;
  std::string code, line;
  const auto run = [&](bool whole) {
    const auto answer = conversation.ask({{"run", code}, {"file", "repl"}}, print_said);
    if (!whole && answer.value("incomplete", false)) return;  // there is more to come
    faultless = print_answer(answer) && faultless;
    code.clear();
  };
  while (true) {
    const auto end = editor.read(code.empty() ? "> " : ".. ", line);
    if (end == LineEditor::End::over) break;
    if (end == LineEditor::End::discarded) {
      code.clear();
      continue;
    }
    if (code.empty() && line.find_first_not_of(" \t") == std::string::npos) continue;
    code += code.empty() ? command_in(line) : "\n" + line;
    run(false);
  }
  if (!code.empty()) run(true);
  return faultless || editor.at_terminal() ? kDone : kPatchAtFault;
}

}  // namespace

void add_repl(CLI::App& app, Run& run) {
  const auto name = std::make_shared<std::string>("perigee");
  CLI::App* command = app.add_subcommand("repl", "talks to a patch that runs, line by line");
  command->add_option("-n,--name", *name, "of the running patch; perigee if not given")->option_text("NAME");
  command->callback([name, &run] {
    run = [name]() -> int {
      try {
        return repl(*name);
      } catch (const std::length_error& error) {
        console::complain("perigee: standard input: {}\n", error.what());
        return kPatchAtFault;
      }
    };
  });
}

}  // namespace perigee::cli
