// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Scripts, from choices: patches, their edits, and code that is sent to them. Sensible, odd and hostile ones.

#pragma once

#include <string>
#include <vector>

#include "support/expression_maker.h"

namespace perigee::test {

class ScriptMaker {
 public:
  /// A script of some statements.
  explicit ScriptMaker(Choices& choices);

  std::string text() const;
  /// Some of its statements go, change or come.
  void edit();
  /// To be sent to it.
  std::string code();
  /// Whether what it does may depend on how fast the machine is.
  bool races() const;
  Temper temper() const { return temper_; }

 private:
  std::string statement();
  std::string wiring();
  std::string node();
  std::string setting();
  std::string chain();
  std::string feedback();
  std::string playing();
  std::string body();
  std::string action();
  std::string output();
  std::string trouble();

  Choices& choices_;
  Temper temper_;
  ExpressionMaker make_;
  unsigned made_ = 0, outputs_ = 0;
  std::vector<std::string> statements_;
};

}  // namespace perigee::test
