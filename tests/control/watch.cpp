// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file system tells at once what happened; how long ago that is, the tests say themselves. No machine is
// too slow for them.

#include "control/watch.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <string_view>

#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

namespace {

using std::chrono::milliseconds;
namespace fs = std::filesystem;

constexpr auto kTick = milliseconds(1);
constexpr milliseconds kPause = Watch::kPause, kLongPause = Watch::kLongPause;
constexpr int kPatience = 20000;  // ms, for a machine that is busy

void write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// A file that stays open while it is written.
class Pen {
 public:
  explicit Pen(const fs::path& path, int flags = O_WRONLY | O_TRUNC | O_CREAT)
      : fd_(open(path.c_str(), flags, 0600)) {
    REQUIRE(fd_ >= 0);
  }
  ~Pen() { lift(); }
  Pen(const Pen&) = delete;
  Pen& operator=(const Pen&) = delete;
  void write(std::string_view text) const {
    REQUIRE(::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  void lift() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

/// A folder with patches, watched by a clock that stands still unless it is told.
struct Desk {
  Desk() {
    write(patch, "one");
    watch.follow({patch});
  }
  bool stirred() const {
    pollfd one{watch.fd(), POLLIN, 0};
    return poll(&one, 1, kPatience) == 1;
  }
  bool quiet() const {
    pollfd one{watch.fd(), POLLIN, 0};
    return poll(&one, 1, 0) == 0;
  }
  bool saved_after(milliseconds time) { return watch.saved(now += time); }
  /// Reported once, after a pause and no earlier.
  bool saved_once_after(milliseconds pause) {
    return !saved_after(milliseconds(0)) && watch.pending() && !saved_after(pause - kTick) &&
           watch.pending() && saved_after(kTick) && never_saved();
  }
  bool never_saved() {
    return !saved_after(milliseconds(0)) && !saved_after(std::chrono::hours(1)) && !watch.pending();
  }

  TemporaryFolder folder;
  const fs::path patch = folder / "patch.lua";
  Watch watch;
  Watch::Clock::time_point now = Watch::Clock::now();
};

}  // namespace

TEST_CASE("nothing happens: nothing is reported") {
  Desk desk;
  CHECK(desk.quiet());
  CHECK(desk.never_saved());
}

TEST_CASE("a file is written in place") {
  Desk desk;
  for (const char* text : {"two", "three", ""}) {
    write(desk.patch, text);
    CHECK(desk.stirred());
    CHECK(desk.saved_once_after(kPause));
    CHECK(desk.quiet());
  }
}

TEST_CASE("by the real clock: a save is told, and later the next") {
  Desk desk;
  const auto told = [&] {
    const auto end = Watch::Clock::now() + milliseconds(kPatience);
    while (Watch::Clock::now() < end) {
      pollfd one{desk.watch.fd(), POLLIN, 0};
      poll(&one, 1, desk.watch.pending() ? 1 : 100);
      if (desk.watch.saved()) return true;
    }
    return false;
  };
  for (const char* text : {"two", "three"}) {
    write(desk.patch, text);
    CHECK(told());
  }
}

TEST_CASE("a file is replaced by renaming another") {
  Desk desk;
  write(desk.folder / ".patch.lua.swp", "two");
  CHECK(desk.never_saved());
  fs::rename(desk.folder / ".patch.lua.swp", desk.patch);
  CHECK(desk.stirred());
  CHECK(desk.saved_once_after(kPause));
  // The other way about: what was there is put aside, and the new one written in its place.
  fs::rename(desk.patch, desk.folder / "patch.lua~");
  CHECK(desk.never_saved());
  write(desk.patch, "three");
  CHECK(desk.saved_once_after(kPause));
}

TEST_CASE("a file is written in halves: one report, after the second") {
  Desk desk;
  SUBCASE("and stays open meanwhile") {
    Pen pen(desk.patch);
    pen.write("sine(4");
    CHECK(desk.stirred());
    CHECK_FALSE(desk.saved_after(milliseconds(0)));
    CHECK_FALSE(desk.saved_after(kLongPause - kTick));
    pen.write("40)");
    CHECK_FALSE(desk.saved_after(milliseconds(0)));
    CHECK_FALSE(desk.saved_after(kLongPause - kTick));
    pen.lift();
    CHECK(desk.saved_once_after(kPause));
  }
  SUBCASE("and is closed in between") {
    write(desk.patch, "sine(4");
    CHECK_FALSE(desk.saved_after(milliseconds(0)));
    CHECK_FALSE(desk.saved_after(kPause - kTick));
    Pen pen(desk.patch, O_WRONLY | O_APPEND);
    pen.write("40)");
    CHECK_FALSE(desk.saved_after(milliseconds(0)));
    CHECK_FALSE(desk.saved_after(kPause));
    pen.lift();
    CHECK(desk.saved_once_after(kPause));
  }
  SUBCASE("and is new and empty at first") {
    fs::remove(desk.patch);
    Pen pen(desk.patch);
    CHECK_FALSE(desk.saved_after(milliseconds(0)));
    CHECK_FALSE(desk.saved_after(kLongPause - kTick));
    pen.write("sine(440)");
    pen.lift();
    CHECK(desk.saved_once_after(kPause));
  }
}

TEST_CASE("who never closes a file is heard after the long pause") {
  Desk desk;
  const Pen pen(desk.patch);
  for (const char* text : {"sine(440)", "\n"}) {
    pen.write(text);
    CHECK(desk.saved_once_after(kLongPause));
  }
}

TEST_CASE("a file that is gone is not reported; that it is back is") {
  Desk desk;
  SUBCASE("deleted") {
    fs::remove(desk.patch);
    CHECK(desk.never_saved());
    write(desk.patch, "two");
    CHECK(desk.saved_once_after(kPause));
  }
  SUBCASE("deleted just after it was written") {
    write(desk.patch, "two");
    CHECK_FALSE(desk.saved_after(milliseconds(0)));
    CHECK(desk.watch.pending());
    fs::remove(desk.patch);
    CHECK(desk.never_saved());
    write(desk.patch, "three");
    CHECK(desk.saved_once_after(kPause));
  }
  SUBCASE("deleted, and another file given its name") {
    fs::remove(desk.patch);
    CHECK(desk.never_saved());
    write(desk.folder / "other", "two");
    fs::create_hard_link(desk.folder / "other", desk.patch);
    CHECK(desk.saved_once_after(kLongPause));
  }
  SUBCASE("put elsewhere, and back") {
    write(desk.patch, "two");
    fs::rename(desk.patch, desk.folder / "elsewhere");
    CHECK(desk.never_saved());
    fs::rename(desk.folder / "elsewhere", desk.patch);
    CHECK(desk.saved_once_after(kPause));
  }
}

TEST_CASE("a module in another folder") {
  Desk desk;
  const fs::path module = desk.folder / "lib/drums.lua";
  write(module, "one");
  desk.watch.follow({desk.patch, module});
  CHECK(desk.never_saved());
  for (const fs::path& file : {module, desk.patch, module}) {
    write(file, "two");
    CHECK(desk.saved_once_after(kPause));
  }
}

TEST_CASE("two files at a time: one report, when both have been left alone") {
  Desk desk;
  const fs::path module = desk.folder / "drums.lua";
  desk.watch.follow({desk.patch, module});
  Pen pen(module);
  pen.write("half");
  CHECK_FALSE(desk.saved_after(milliseconds(0)));
  write(desk.patch, "two");
  CHECK_FALSE(desk.saved_after(milliseconds(0)));
  CHECK_FALSE(desk.saved_after(kPause));
  pen.write(" and half");
  pen.lift();
  CHECK(desk.saved_once_after(kPause));
}

TEST_CASE("files that are not followed are nobody's business") {
  Desk desk;
  const fs::path module = desk.folder / "lib/drums.lua";
  write(module, "one");
  desk.watch.follow({desk.patch, module});
  write(desk.folder / "other.lua", "two");
  write(desk.folder / "patch.lua~", "two");
  write(desk.folder / "lib/patch.lua", "two");  // the same name in another folder
  write(desk.folder / "drums.lua", "two");
  write(desk.folder / "new/patch.lua", "two");
  fs::remove(desk.folder / "other.lua");
  CHECK(desk.never_saved());
}

TEST_CASE("other files are followed instead") {
  Desk desk;
  const fs::path near = desk.folder / "near.lua", far = desk.folder / "lib/far.lua";
  for (const fs::path& file : {near, far}) write(file, "one");
  write(desk.patch, "two");
  CHECK_FALSE(desk.saved_after(milliseconds(0)));
  CHECK(desk.watch.pending());
  desk.watch.follow({far});
  CHECK(desk.never_saved());  // what happened to the patch does not count any more
  write(desk.patch, "three");
  write(near, "two");
  CHECK(desk.never_saved());
  write(far, "two");
  CHECK_FALSE(desk.saved_after(milliseconds(0)));
  desk.watch.follow({near, far});
  CHECK(desk.saved_after(kPause));  // what happened to the other does
  write(near, "three");
  CHECK(desk.saved_once_after(kPause));
  desk.watch.follow({});
  CHECK(desk.never_saved());
  for (const fs::path& file : {near, far, desk.patch}) write(file, "three");
  CHECK(desk.quiet());  // nobody is woken either
  CHECK(desk.never_saved());
}

TEST_CASE("what is followed need not be there") {
  Desk desk;
  desk.watch.follow({desk.folder / "nowhere/at/all.lua", desk.folder / "later.lua"});
  CHECK(desk.never_saved());
  write(desk.folder / "later.lua", "one");
  CHECK(desk.saved_once_after(kPause));
}

TEST_CASE("one folder under two names") {
  Desk desk;
  fs::create_directory_symlink(desk.folder.path(), desk.folder / "link");
  write(desk.folder / "drums.lua", "one");
  desk.watch.follow({desk.patch, desk.folder / "link/drums.lua", desk.folder.path() / "." / "bass.lua"});
  for (const char* name : {"patch.lua", "drums.lua", "bass.lua"}) {
    write(desk.folder / name, "two");
    CHECK(desk.saved_once_after(kPause));
  }
}

TEST_CASE("a link: it is led elsewhere, or what it leads to is written") {
  Desk desk;
  write(desk.folder / "real/one.lua", "one");
  write(desk.folder / "real/two.lua", "two");
  const fs::path link = desk.folder / "link.lua";
  fs::create_symlink("real/middle.lua", link);
  fs::create_symlink("one.lua", desk.folder / "real/middle.lua");
  CHECK(desk.never_saved());
  desk.watch.follow({link});
  write(desk.folder / "real/two.lua", "more");
  CHECK(desk.never_saved());
  write(desk.folder / "real/one.lua", "more");
  CHECK(desk.saved_once_after(kPause));
  fs::create_symlink((desk.folder / "real/two.lua"), desk.folder / "new");
  fs::rename(desk.folder / "new", link);
  CHECK(desk.saved_once_after(kPause));
  desk.watch.follow({link});
  write(desk.folder / "real/two.lua", "and more");
  CHECK(desk.saved_once_after(kPause));
  fs::remove(link);
  fs::create_symlink("link.lua", link);
  desk.watch.follow({link});  // comes to an end
}

TEST_CASE("so much happens that the system loses count: that may have been a save") {
  unsigned most = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
  if (most == 0 || most > 1000000) return;
  Desk desk;
  const Pen one(desk.folder / "one"), two(desk.folder / "two");
  for (unsigned i = 0; i <= most / 2; ++i) {  // in turn: the same twice counts once
    one.write("x");
    two.write("x");
  }
  write(desk.patch, "two");
  CHECK(desk.saved_once_after(kPause));
  write(desk.patch, "three");
  CHECK(desk.saved_once_after(kPause));
}

TEST_CASE("a folder goes and another comes in its place: what is in that is watched, and has been saved") {
  TemporaryFolder outside;
  const fs::path folder = outside / "set", patch = folder / "patch.lua";
  write(patch, "one");
  Desk desk;
  desk.watch.follow({patch});
  const auto saved = [&] { return desk.saved_after(Watch::kFolderPause) || desk.saved_after(kLongPause); };
  CHECK_FALSE(saved());
  const auto is_watched = [&] {
    write(patch, "again");
    CHECK(desk.stirred());
    CHECK(desk.saved_once_after(kPause));
  };
  SUBCASE("it is moved away, and another is there") {
    fs::rename(folder, outside / "old");
    CHECK_FALSE(saved());
    write(outside / "new" / "patch.lua", "two");
    fs::rename(outside / "new", folder);
    CHECK(saved());
    is_watched();
  }
  SUBCASE("it is deleted, and made anew") {
    fs::remove_all(folder);
    CHECK_FALSE(saved());
    fs::create_directory(folder);
    CHECK_FALSE(saved());
    is_watched();
  }
  SUBCASE("a folder above it is another's") {
    const fs::path deep = folder / "lib" / "deep.lua";
    write(deep, "one");
    desk.watch.follow({deep});
    CHECK_FALSE(saved());
    write(outside / "new" / "lib" / "deep.lua", "two");
    fs::rename(folder, outside / "old");
    fs::rename(outside / "new", folder);
    CHECK(saved());
  }
  SUBCASE("a link leads to another") {
    fs::create_directory_symlink(folder, outside / "current");
    desk.watch.follow({outside / "current" / "patch.lua"});
    CHECK_FALSE(saved());
    write(outside / "next" / "patch.lua", "two");
    fs::remove(outside / "current");
    fs::create_directory_symlink(outside / "next", outside / "current");
    CHECK(saved());
    write(outside / "next" / "patch.lua", "three");
    CHECK(desk.stirred());
    CHECK(desk.saved_once_after(kPause));
  }
  SUBCASE("it was not there yet, as that of a module") {
    const fs::path module = folder / "lib" / "tune.lua";
    desk.watch.follow({patch, module});
    CHECK_FALSE(saved());
    write(module, "one");
    CHECK(saved());
    write(module, "two");
    CHECK(desk.stirred());
    CHECK(desk.saved_once_after(kPause));
  }
  // Nothing is told twice.
  CHECK_FALSE(saved());
}
