// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What almost every test includes, compiled once for each room of many files. A file still includes what it
// uses.

#ifndef PERIGEE_TESTS_PCH_TEST_H_
#define PERIGEE_TESTS_PCH_TEST_H_

#include <doctest/doctest.h>

#include <random>

#include "pch/standard.h"

#endif  // PERIGEE_TESTS_PCH_TEST_H_
