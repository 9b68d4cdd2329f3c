// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/line_editor.h"

#include <fmt/format.h>
#include <histedit.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "files/replacement.h"
#include "terminal/console.h"

namespace perigee::cli {

namespace {

constexpr int kRemembered = 1000;                        // lines
constexpr std::size_t kLongest = std::size_t{1} << 20U;  // bytes: as long as a patch takes them

/// $XDG_STATE_HOME/perigee/history, or in ~/.local/state; nothing without either.
std::filesystem::path history_file() {
  const auto folder = [](const char* variable) {
    const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): one thread
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  if (const auto state = folder("XDG_STATE_HOME"); state.is_absolute()) return state / "perigee" / "history";
  const auto home = folder("HOME");
  return home.empty() ? home : home / ".local" / "state" / "perigee" / "history";
}

/// That of el_source(): $EDITRC, or ~/.editrc.
std::filesystem::path settings_file() {
  // NOLINTBEGIN(concurrency-mt-unsafe): one thread
  const char* file = std::getenv("EDITRC");
  const char* home = std::getenv("HOME");
  // NOLINTEND(concurrency-mt-unsafe)
  if (file != nullptr) return file;
  return home == nullptr ? std::filesystem::path() : std::filesystem::path(home) / ".editrc";
}

/// The library would wait for a pipe, for ever.
bool is_plain(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(file, ignored);
}

volatile std::sig_atomic_t interrupted = 0;

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == ':';
}

/// The window's columns.
std::size_t columns() {
  winsize window = {};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : 80;
}

/// Words side by side, in lines that fit; a word that is longer than a line has one for itself.
std::string in_lines(const std::vector<std::string>& words, std::size_t width) {
  std::string text;
  std::size_t used = 0;
  for (const std::string& word : words) {
    if (used > 0) {
      const bool fits = used + 2 + word.size() <= width;
      text += fits ? "  " : "\n";
      used = fits ? used + 2 : 0;
    }
    text += word;
    used += word.size();
  }
  return text;
}

/// What all of them begin with.
std::string common(const std::vector<std::string>& words) {
  std::string start = words.front();
  for (const std::string& word : words) {
    const auto end = std::mismatch(start.begin(), start.end(), word.begin(), word.end()).first;
    start.erase(end, start.end());
  }
  return start;
}

/// After what the editor has to say.
void say(std::string_view text) {
  std::fflush(stdout);
  console::write(console::Stream::out, text);
}

}  // namespace

class LineEditor::Terminal {
 public:
  explicit Terminal(Complete complete)
      : complete_(std::move(complete)), history_(history_init()), file_(history_file()) {
    std::setlocale(LC_CTYPE, "");  // NOLINT(concurrency-mt-unsafe): one thread; else only ASCII can be typed
    struct sigaction action = {};
    action.sa_handler = [](int) { interrupted = 1; };
    sigaction(SIGINT, &action, nullptr);
    editor_ = el_init("perigee", stdin, stdout, stderr);
    HistEvent event;
    history(history_, &event, H_SETSIZE, kRemembered);
    history(history_, &event, H_SETUNIQUE, 1);
    if (is_plain(file_)) history(history_, &event, H_LOAD, file_.c_str());
    el_set(editor_, EL_CLIENTDATA, this);
    el_set(
        editor_, EL_PROMPT, +[](EditLine* editor) { return of(editor).prompt_.data(); });
    el_set(
        editor_, EL_GETCFN, +[](EditLine* editor, wchar_t* into) { return of(editor).get(into); });
    el_set(editor_, EL_EDITOR, "emacs");
    el_set(editor_, EL_HIST, history, history_);
    el_set(
        editor_, EL_ADDFN, "complete", "completes a word",
        +[](EditLine* editor, int) -> unsigned char { return of(editor).complete(); });
    el_set(editor_, EL_BIND, "^I", "complete", nullptr);
    if (is_plain(settings_file())) el_source(editor_, nullptr);
  }

  ~Terminal() {
    std::error_code ignored;
    if (!file_.empty() && (is_plain(file_) || !std::filesystem::exists(file_, ignored))) save();
    el_end(editor_);
    history_end(history_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  End read(const std::string& prompt, std::string& line) {
    prompt_ = prompt;
    interrupted = 0;
    int count = 0;
    // What interrupts comes while we wait for a key, and at no other time: so it is never overlooked.
    sigset_t held, before;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    pthread_sigmask(SIG_BLOCK, &held, &before);
    waiting_ = before;
    sigdelset(&waiting_, SIGINT);
    const char* typed = el_gets(editor_, &count);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (interrupted != 0) {
      el_reset(editor_);
      say("^C\n");
      return End::discarded;
    }
    if (typed == nullptr || count <= 0) {
      say("\n");
      return End::over;
    }
    line.assign(typed, static_cast<std::size_t>(count));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    HistEvent event;
    if (line.find_first_not_of(" \t") != std::string::npos) history(history_, &event, H_ENTER, line.c_str());
    return End::line;
  }

 private:
  /// What was remembered before is not lost where there is no room for more.
  void save() {
    try {
      std::error_code ignored;
      std::filesystem::create_directories(file_.parent_path(), ignored);
      files::Replacement file(file_);
      fchmod(file.descriptor(), S_IRUSR | S_IWUSR);
      std::FILE* const out = fdopen(dup(file.descriptor()), "w");
      HistEvent event;
      const bool saved = out != nullptr && history(history_, &event, H_SAVE_FP, out) >= 0;
      if (out != nullptr && std::fclose(out) == 0 && saved) file.take_place();
    } catch (const std::runtime_error&) {
      return;
    }
  }

  static Terminal& of(EditLine* editor) {
    void* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return *static_cast<Terminal*>(self);
  }

  /// The next character: 1; 0 at the end; −1 when it is interrupted.
  int get(wchar_t* into) const {
    std::mbstate_t state{};
    while (true) {
      pollfd keys{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
      const int ready = ppoll(&keys, 1, nullptr, &waiting_);
      if (interrupted != 0) {
        errno = EINTR;
        return -1;
      }
      if (ready < 0 && errno != EINTR) return -1;
      if (ready <= 0) continue;
      char byte = 0;
      const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
      if (got == 0) return 0;
      if (got < 0 && errno != EINTR && errno != EAGAIN) return -1;
      if (got < 0) continue;
      const std::size_t bytes =
          std::mbrtowc(into, &byte, 1, &state);  // NOLINT(concurrency-mt-unsafe): one thread
      if (bytes <= 1) return 1;
      if (bytes == static_cast<std::size_t>(-1)) state = {};  // no character: as if it had not been typed
    }
  }

  unsigned char complete() {
    const LineInfo* line = el_line(editor_);
    const std::string_view before(line->buffer, static_cast<std::size_t>(line->cursor - line->buffer));
    const auto start = std::find_if_not(before.rbegin(), before.rend(), in_word).base();
    const std::string_view word(start, before.end());
    const auto words = complete_(before);
    if (words.empty()) return CC_REFRESH_BEEP;
    const std::string all = common(words);
    if (all.size() > word.size() && all.starts_with(word)) {
      el_insertstr(editor_, all.substr(word.size()).c_str());
      return CC_REFRESH;
    }
    say(fmt::format("\n{}\n", in_lines(words, columns())));
    return CC_REDISPLAY;
  }

  Complete complete_;
  History* history_;
  std::filesystem::path file_;
  EditLine* editor_ = nullptr;
  sigset_t waiting_ = {};  ///< the signals that are blocked while it waits for a key
  std::string prompt_;
};

LineEditor::LineEditor(Complete complete)
    : terminal_(isatty(STDIN_FILENO) != 0 ? std::make_unique<Terminal>(std::move(complete)) : nullptr) {}
LineEditor::~LineEditor() = default;

LineEditor::End LineEditor::read(const std::string& prompt, std::string& line) {
  if (terminal_ != nullptr) return terminal_->read(prompt, line);
  line.clear();
  // A device may never end a line.
  for (int one = 0; (one = std::cin.get()) != EOF && one != '\n'; line += static_cast<char>(one))
    if (line.size() >= kLongest) throw std::length_error("a line has at most 1 MiB");
  return std::cin || !line.empty() ? End::line : End::over;
}

}  // namespace perigee::cli
