// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/answer.h"

#include <fmt/format.h>

#include "control/conversation.h"
#include "terminal/console.h"

namespace perigee::cli {

bool print_answer(const nlohmann::json& answer) {
  for (const char* part : {"value", "summary"})
    if (const auto found = answer.find(part); found != answer.end() && found->is_string())
      print_said(found->get<std::string>());
  for (const std::string& mistake : mistakes_of(answer)) console::complain("{}\n", mistake);
  return answer.value("ok", false);
}

void print_said(const std::string& line) { console::print("{}\n", line); }

}  // namespace perigee::cli
