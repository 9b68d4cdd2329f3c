// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace perigee {

namespace {

using nlohmann::json;

constexpr int kDeepestRequest = 8;
constexpr std::size_t kLongestId = 256, kLongestFile = 4096;  // bytes
constexpr int kLastLine = 1'000'000;

json parse(std::string_view line) {
  // A line full of [ would take a hundred times its size.
  const auto shallow = [](int depth, json::parse_event_t, json&) {
    if (depth > kDeepestRequest) throw BadRequest({}, "a request is no deeper than 8 levels");
    return true;
  };
  try {
    return json::parse(line, shallow);
  } catch (const json::exception&) {
    throw BadRequest({}, "a request is one line of JSON, as in {\"id\":1,\"run\":\"x = 1\"}");
  }
}

/// Nothing if the argument is not the name of a global or a kind.
std::string call(std::string_view function, const std::string& argument) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.'; };
  if (argument.empty()) return fmt::format("{}()", function);
  return std::ranges::all_of(argument, fits) ? fmt::format("{}({})", function, argument) : std::string();
}

}  // namespace

Request read_request(std::string_view line) {
  const json given = parse(line);
  if (!given.is_object()) throw BadRequest({}, "a request is an object, as in {\"id\":1,\"run\":\"x = 1\"}");
  Request request;
  if (const auto id = given.find("id"); id != given.end()) {
    const bool fits = id->is_null() || id->is_number() ||
                      (id->is_string() && id->get_ref<const std::string&>().size() <= kLongestId);
    if (!fits) throw BadRequest({}, "id is a number or a short text");
    request.id = *id;
  }
  const auto fail = [&](const std::string& why) { throw BadRequest(request.id, why); };
  const auto text_of = [&](const char* name) {
    const auto found = given.find(name);
    if (!found->is_string()) fail(fmt::format("{} is a text", name));
    return found->get<std::string>();
  };
  int wishes = 0;
  const auto wished = [&](const char* name) { return given.contains(name) && ++wishes == 1; };
  if (wished("run")) request.text = text_of("run");
  if (wished("complete")) {
    request.kind = Request::Kind::complete;
    request.text = text_of("complete");
  }
  if (wished("undo")) request.kind = Request::Kind::undo;
  if (wished("redo")) request.kind = Request::Kind::redo;
  if (wished("top")) request.kind = Request::Kind::top;
  if (wished("ls")) request.text = "ls()";
  for (const char* name : {"tree", "help"}) {
    if (!wished(name)) continue;
    request.text = call(name, given[name].is_string() ? text_of(name) : std::string());
    if (request.text.empty()) fail(fmt::format("{} takes a name", name));
  }
  if (wishes != 1) fail("a request has one of run, complete, ls, tree, help, undo, redo, top");
  if (given.contains("file")) request.file = text_of("file");
  if (request.file.empty() || request.file.size() > kLongestFile ||
      request.file.find_first_of(std::string("\n\0", 2)) != std::string::npos)
    fail("file is the name of a file");
  if (const auto at = given.find("line"); at != given.end()) {
    if (!at->is_number_integer() || *at < 1 || *at > kLastLine)
      fail(fmt::format("line is a number from 1 to {}", kLastLine));
    request.line = at->get<int>();
  }
  return request;
}

}  // namespace perigee
