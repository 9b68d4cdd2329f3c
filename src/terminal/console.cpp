// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/console.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <system_error>

#include "terminal/backlog.h"
#include "terminal/descriptors.h"
#include "text/printable.h"

namespace perigee::console {

namespace {

/// So long a reader may take nothing at the end, until what is left is given up.
constexpr std::chrono::milliseconds kLastWord{250};

struct State {
  std::mutex mutex;
  std::array<int, 2> trouble = {};                        ///< of each stream: errno of the first failure
  std::array<std::shared_ptr<Backlog>, 2> backlogs = {};  ///< both the same if they go to one place
};

/// Never destroyed: threads of libraries may have something to say until the very end.
State& state() {
  static auto* const one = new State;
  return *one;
}

std::size_t index_of(Stream stream) { return static_cast<std::size_t>(stream); }
int descriptor_of(Stream stream) { return stream == Stream::out ? STDOUT_FILENO : STDERR_FILENO; }

/// What both write to comes in order.
bool go_to_one_place() {
  struct stat out = {}, error = {};
  return fstat(STDOUT_FILENO, &out) == 0 && fstat(STDERR_FILENO, &error) == 0 && out.st_dev == error.st_dev &&
         out.st_ino == error.st_ino;
}

/// What libraries say by themselves goes the same way.
void take_over_stderr() {
  cookie_io_functions_t how = {};
  how.write = [](void*, const char* text, std::size_t size) -> ssize_t {
    write(Stream::error, {text, size});
    return static_cast<ssize_t>(size);
  };
  std::FILE* const ours = fopencookie(nullptr, "w", how);
  if (ours == nullptr) return;
  std::setvbuf(ours, nullptr, _IOLBF, 0);
  stderr = ours;  // in the GNU C library it is a variable like any other
}

void send(Stream stream, std::string_view text) {
  const std::scoped_lock lock(state().mutex);
  if (const auto& backlog = state().backlogs[index_of(stream)]; backlog != nullptr)
    return backlog->add(descriptor_of(stream), text);
  int& trouble = state().trouble[index_of(stream)];
  if (trouble == 0) trouble = write_all(descriptor_of(stream), text);
}

}  // namespace

void open() noexcept {
  hold_descriptors();
  ignore_signals();
  take_over_stderr();
}

void stand_aside() noexcept {
  for (const int signal : {SIGTTOU, SIGTTIN}) std::signal(signal, SIG_IGN);
  const std::scoped_lock lock(state().mutex);
  try {
    auto& backlogs = state().backlogs;
    backlogs[0] = Backlog::start();
    backlogs[1] = go_to_one_place() ? backlogs[0] : Backlog::start();
  } catch (const std::exception&) {
    state().backlogs = {};  // there is no thread to be had: it waits
  }
}

int close(int code, int lost) noexcept {
  for (const auto& backlog : state().backlogs)
    if (backlog != nullptr) backlog->drain(kLastWord);
  if (state().backlogs[0] != nullptr) return code;
  for (const Stream stream : {Stream::out, Stream::error}) {
    // Some file systems tell only when a file is closed that there is no room.
    int& trouble = state().trouble[index_of(stream)];
    const int copy = trouble == 0 ? dup(descriptor_of(stream)) : -1;
    if (copy >= 0 && ::close(copy) != 0 && errno != EINTR) trouble = errno;
  }
  if (works(Stream::out) && works(Stream::error)) return code;
  if (!works(Stream::out))
    complain("perigee: standard output: {}\n",
             std::generic_category().message(state().trouble[index_of(Stream::out)]));
  return code == 0 ? lost : code;
}

bool works(Stream stream) noexcept {
  const std::scoped_lock lock(state().mutex);
  return state().trouble[index_of(stream)] == 0;
}

void write(Stream stream, std::string_view text) noexcept {
  try {
    send(stream, for_terminal(text));
  } catch (const std::exception&) {  // there is no memory: nothing is said
    return;
  }
}

void control(Stream stream, std::string_view sequence) noexcept {
  try {
    send(stream, sequence);
  } catch (const std::exception&) {
    return;
  }
}

void write(std::FILE* file, std::string_view text) noexcept {
  if (file == stdout || file == stderr) return write(file == stdout ? Stream::out : Stream::error, text);
  std::fwrite(text.data(), 1, text.size(), file);
}

void write_formatted(Stream stream, fmt::string_view format, fmt::format_args arguments) noexcept {
  try {
    write(stream, fmt::vformat(format, arguments));
  } catch (const std::exception&) {
    return;
  }
}

}  // namespace perigee::console
