// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes perigee-nodes(7): the frame, and in it every kind from its declaration.

#include <fmt/format.h>

#include <exception>
#include <iterator>

#include "mdoc.h"
#include "node/facts.h"
#include "node/registry.h"

namespace {

using namespace perigee;
using man::argument, man::prose;

class Page {
 public:
  void add(const Spec& spec) {
    if (spec.group != group_) fmt::format_to(out_, ".Sh {}\n", capitals(spec.group));
    group_ = spec.group;
    fmt::format_to(out_, ".Ss {}\n", spec.kind);
    fmt::format_to(out_, "{}:\n.Dl {}\n", prose(spec.doc), man::argument(usage(spec)));
    begin("Inputs");
    for (const Port& port : spec.in) item(port.name, port_notes(port), port.doc);
    begin("Outputs");
    for (const Port& port : spec.out) item(port.name, port_notes(port), port.doc);
    begin("Parameters");
    for (const Param& one : spec.params)
      item(one.name, range_of(one.min, one.max, one.unit) + "; " + default_note(default_of(one)), one.doc);
    begin("Fixed values");
    for (const Fixed& one : spec.fixed)
      item(one.name, allowed(one) + "; " + default_note(default_of(one)), one.doc);
    begin("Readings");
    for (const Reading& one : spec.readings) item(one.name, std::string(symbol(one.unit)), one.doc);
    begin("");
    const std::string latency = in_words(latency_facts(spec));
    if (latency != "none") fmt::format_to(out_, ".Pp\nLatency: {}\n", prose(latency + "."));
  }
  const std::string& text() const { return text_; }

 private:
  static std::string capitals(std::string_view text) {
    std::string result(text);
    for (char& one : result)
      if (one >= 'a' && one <= 'z') one = static_cast<char>(one - 'a' + 'A');
    return result;
  }
  static std::string default_note(const std::string& text) {
    if (text == "required") return text;
    return text == "\"\"" ? "empty if not given" : text + " if not given";
  }
  static std::string port_notes(const Port& port) {
    if (port.many) return "any number of signals";
    return port.optional ? "may be left out" : "";
  }

  /// A list starts with its first item; the next heading ends it.
  void begin(std::string_view heading) {
    if (open_) text_ += ".El\n";
    open_ = false;
    heading_ = heading;
  }
  void item(std::string_view name, const std::string& notes, std::string_view doc) {
    if (!open_) fmt::format_to(out_, ".Pp\n{}:\n.Bl -tag -width Ds -compact\n", heading_);
    open_ = true;
    fmt::format_to(out_, ".It Va {}\n{}\n", argument(name),
                   prose(fmt::format("{}{}", doc, notes.empty() ? "" : fmt::format(" ({})", notes))));
  }

  std::string text_;
  std::back_insert_iterator<std::string> out_{text_};
  std::string_view group_, heading_;
  bool open_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: {} FRAME > perigee-nodes.7\n", argv[0]);
    return 2;
  }
  try {
    Page page;
    for (const Spec* spec : all_kinds()) page.add(*spec);
    fmt::print("{}", man::framed(argv[1], "@NODES@", page.text()));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", argv[0], error.what());
    return 1;
  }
}
