// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A line that a client sends, understood.

#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace perigee {

struct Request {
  enum class Kind : std::uint8_t { run, complete, undo, redo, top };
  nlohmann::json id;  ///< a number, a text or null: it comes back with each answer
  Kind kind = Kind::run;
  std::string text;           ///< code, or what is to be completed
  std::string file = "sent";  ///< that the code is from …
  int line = 1;               ///< … and where in it the code begins
};

/// Why a line is no request; with its id, if that could be read.
struct BadRequest : std::runtime_error {
  BadRequest(nlohmann::json of, const std::string& why) : std::runtime_error(why), id(std::move(of)) {}
  nlohmann::json id;
};

/// Throws BadRequest.
Request read_request(std::string_view line);

}  // namespace perigee
