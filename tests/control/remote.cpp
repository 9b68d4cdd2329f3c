// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The socket and what is said over it. PERIGEE_LINES tells how many random lines there are.

#include "control/remote.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <limits>
#include <random>
#include <thread>

#include "control/overview.h"
#include "support/saved_script.h"
#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;
using nlohmann::json;

namespace {

/// A patch that plays and listens, all on one thread of its own.
class Scene {
 public:
  /// What else happens is done between two pieces of a thousand frames.
  using Happening = std::function<void(Bench&)>;

  explicit Scene(std::string_view text, const Happening& happening = {})
      : thread_([this, script = std::string(text), happening] { run(script, happening); }) {
    while (!ready_) std::this_thread::yield();
  }
  ~Scene() {
    loop_.post([this] { loop_.stop(); });
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  std::filesystem::path path() const { return folder_ / "perigee/stage.sock"; }

 private:
  void run(const std::string& text, const Happening& happening) {
    Bench bench(text, 0.5);
    Turns turns(loop_);
    if (happening) turns.after_each([&] { bench.live.play(0.1); });
    const Listener listener(path());
    Overview overview(bench.engine, bench.driver, bench.live.editor());
    const Remote remote(loop_, turns, bench.live, listener,
                        {.changed = [](const std::string&) {}, .top = [&] { return overview.tell(); }});
    Loop::Hook again;
    const std::function<void()> play = [&] {
      bench.play(kChunk * 20);
      bench.heard.clear();
      if (happening) happening(bench);
      again = loop_.at(Loop::Clock::now() + std::chrono::milliseconds(1), play);
    };
    play();
    ready_ = true;
    loop_.run();
  }

  TemporaryFolder folder_;
  Loop loop_;
  std::atomic<bool> ready_ = false;
  std::jthread thread_;
};

/// Lines as they are.
class Caller {
 public:
  explicit Caller(const Scene& stage) : fd_(connect_to(stage.path())) { REQUIRE(fd_ >= 0); }
  ~Caller() { close(fd_); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  void send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// Null at the end.
  json answer() {
    std::size_t end = 0;
    while ((end = in_.find('\n', at_)) == std::string::npos) {
      in_.erase(0, at_);
      at_ = 0;
      char part[65536];
      const ssize_t got = read(fd_, part, sizeof part);
      if (got <= 0) return nullptr;
      in_.append(part, static_cast<std::size_t>(got));
    }
    const auto line = std::string_view(in_).substr(at_, end - at_);
    at_ = end + 1;
    return json::parse(line);
  }
  /// The last answer.
  json last() {
    while (true) {
      json one = answer();
      if (!one.contains("print")) return one;
    }
  }
  json ask(const json& request) {
    send(request.dump() + "\n");
    return last();
  }
  void end() const { shutdown(fd_, SHUT_WR); }

 private:
  int fd_;
  std::string in_;
  std::size_t at_ = 0;
};

constexpr std::string_view kTone = "tone = saw(110)\noutput('main', tone)\n";

/// A patch that answers whatever happens; port 9 of this machine throws away what it is sent.
constexpr std::string_view kAnswering = R"(friend = "127.0.0.1:9"
keys = midi("keys")
synth = midi_out("synth")
tone = saw(110)
level = param{ 0.5, 0, 2, cc = keys:cc(11) }
v = voices(8, keys, function(v) return sine(v.hz) * v.gate end)
lead = voices(4, function(v) return saw(v.hz) * v.gate end)
output("main", (tone + v:mix() + lead:mix()) * level)
osc.on("/ask", function(...) osc.send(friend, "/told", ...) end)
osc.on("/play", function(key) lead:note(key, 1, 1/8) wait(1/8) synth:note(key, 1, 1) end)
keys:on{
  note = function(key, velocity) synth:note(key, velocity, 1/4) wait(1/16) lead:note(127 - key, velocity, 1/8) end,
  cc = function(number, value) synth:cc(number, value) level:set{ value = value, over = value } end,
  bend = function(value) osc.send(friend, "/bend", value) end,
}
jack.on("port", function(name, there) if there then jack.connect(name, "perigee:main") end end)
r = loop(1/4, function() synth:note(36, 1, 1/8) wait(1/8) level:set(now() % 2) end)
)";

/// What comes from outside while code is sent.
class Bystander {
 public:
  explicit Bystander(unsigned seed) : random_(seed) {}

  void act(Bench& bench) {
    for (Report report; bench.engine.receive(report);) bench.live.hear(report);
    for (unsigned i = below(4); i > 0; --i)
      bench.live.tell({below(2) == 0 ? "osc /ask" : "osc /play", {any(), any(), "text"}});
    if (below(8) == 0) bench.live.tell({"jack port", {"other:port", below(2) == 0}});
    hear(bench);
    bench.live.play(0.1);
  }

 private:
  unsigned below(unsigned end) { return static_cast<unsigned>(random_()) % end; }
  double any() {
    const double values[] = {60,
                             0.5,
                             -1,
                             1e308,
                             std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity(),
                             static_cast<double>(below(128))};
    return values[below(std::size(values))];
  }
  void hear(Bench& bench) {
    float main[kChunk], more[kChunk];
    float* out[] = {main, more};
    bench.engine.take();
    for (unsigned i = below(3); i > 0; --i) {
      const std::uint8_t bytes[] = {static_cast<std::uint8_t>(0x80 | below(112)),
                                    static_cast<std::uint8_t>(below(128)),
                                    static_cast<std::uint8_t>(below(128))};
      if (const auto message = message_of(bytes)) bench.engine.hear(0, kChunk / 2, *message);
    }
    bench.engine.run(nullptr, 0, out, 2, kChunk);
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("a name is one listener's; what was left behind is taken over, what is another's is not removed") {
  const TemporaryFolder folder;
  const auto path = folder / "perigee/name.sock";
  const auto is_there = [&] { return std::filesystem::exists(path); };
  {
    const Listener listener(path);
    struct stat found = {};
    REQUIRE(stat(path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
    REQUIRE(stat(path.parent_path().c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0700);
    CHECK_THROWS_AS(Listener{path}, NameTaken);
    const int knocks = connect_to(path);
    REQUIRE(knocks >= 0);
    close(knocks);
  }
  CHECK_FALSE(is_there());
  std::ofstream(path) << "left behind";
  {
    const Listener listener(path);
    std::filesystem::remove(path);
    std::ofstream(path) << "another's";
  }
  CHECK(is_there());
  std::filesystem::permissions(path.parent_path(), std::filesystem::perms(0750));
  CHECK_THROWS_WITH_AS(
      Listener{path},
      (path.parent_path().string() + ": others can get into it: chmod 700 makes it yours alone").c_str(),
      SystemError);
}

TEST_CASE("requests are answered one after the other, to whoever sent them, also the last without an end") {
  const Scene stage(kTone);
  Caller one(stage), two(stage);
  std::string all;
  for (int i = 0; i < 50; ++i) all += json{{"id", i}, {"run", "print(1) print(2)"}}.dump() + "\n";
  one.send(all.substr(0, all.size() - 1));
  one.end();
  CHECK(two.ask({{"id", "x"}, {"run", "2 + 2"}}) == json{{"id", "x"}, {"ok", true}, {"value", "4"}});
  for (int i = 0; i < 50; ++i) {
    CHECK(one.answer() == json{{"id", i}, {"print", "1"}});
    CHECK(one.answer() == json{{"id", i}, {"print", "2"}});
    CHECK(one.answer() == json{{"id", i}, {"ok", true}});
  }
  CHECK(one.answer().is_null());
}

TEST_CASE("an edit, undo and redo are answered by what they changed") {
  const Scene stage(kTone);
  Caller line(stage);
  CHECK(line.ask({{"run", "tone = tone:lowpass(300)"}})["summary"] == "kept 2, new 1, gone 0");
  CHECK(line.ask({{"undo", true}})["summary"] == "kept 2, new 0, gone 1");
  CHECK(line.ask({{"redo", true}})["ok"] == true);
  CHECK(line.ask({{"redo", true}})["mistakes"][0]["text"] == "there is nothing to redo");
  CHECK(line.ask({{"complete", "x = tone"}})["words"] == json{"tone"});
}

TEST_CASE("who goes in the middle of an answer, or prints without end, disturbs nobody") {
  const Scene stage(kTone);
  Caller stays(stage);
  for (int i = 0; i < 20; ++i) {
    const Caller goes(stage);
    goes.send("{\"run\":\"for i = 1, 1000 do print(i) end\"}\n");
  }
  Caller prints(stage);
  prints.send("{\"id\":1,\"run\":\"for i = 1, 50 do print(('x'):rep(60000)) end\"}\n");
  std::size_t bytes = 0;
  json answer;
  for (answer = prints.answer(); answer.contains("print"); answer = prints.answer())
    bytes += answer["print"].get_ref<const std::string&>().size();
  CHECK(answer["ok"] == true);
  CHECK(bytes < (std::size_t{1} << 20U) + 100);
  CHECK(stays.ask({{"run", "1"}})["value"] == "1");
}

TEST_CASE("random and mutated lines: one last answer for each, and it lives on") {
  const char* given = std::getenv("PERIGEE_LINES");  // NOLINT(concurrency-mt-unsafe): set before the start
  const long lines = given == nullptr ? 4000 : std::atol(given);
  std::random_device device;
  const unsigned seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random() % end); };
  const std::string seeds[] = {
      R"j({"id":1,"run":"tone = tone:lowpass(300)","file":"a.lua","line":7})j",
      R"j({"id":2,"run":"output('main', saw(220) * 0.5)"})j",
      R"j({"id":"x","run":"print(tone, 1 + 2)"})j",
      R"j({"id":3,"complete":"tone:low"})j",
      R"j({"id":4,"complete":"math."})j",
      R"j({"id":5,"tree":"tone"})j",
      R"j({"id":6,"ls":true})j",
      R"j({"id":7,"help":"saw"})j",
      R"j({"id":8,"undo":true})j",
      R"j({"id":9,"redo":true})j",
      R"j({"id":10,"run":"t = t or {} t[#t + 1] = sine(1)"})j",
      R"j({"id":11,"run":"tone = nil"})j",
      R"j({"id":12,"run":"= string.rep('é', 10)"})j",
      R"j({"id":13,"run":"osc.on('/ask', function(...) print(...) synth:note(60, 1, 1/8) end)"})j",
      R"j({"id":14,"run":"keys:on{ note = function(key) wait(1/8) synth:note(key, 1, 1) end, cc = false }"})j",
      R"j({"id":15,"run":"r = loop(1/4, function() lead:note(60, 1, 1/8) wait(1/8) osc.send(friend, '/a', now()) end)"})j",
      R"j({"id":16,"run":"jack.on('port', function(name) jack.connect(name, 'perigee:main') end)"})j",
      R"j({"id":17,"run":"v = voices(4, keys, function(v) return sine(v.hz) * v.gate end)"})j",
      R"j({"id":18,"run":"level = param{ 0.5, 0, 2, cc = keys:cc(74) }"})j",
      R"j({"id":19,"run":"osc.on('/play', function(key) error(key) end)"})j",
      R"j({"id":20,"run":"hush()"})j",
  };
  const auto mutate = [&](std::string line) {
    for (std::size_t i = below(4); i > 0; --i) {
      const std::size_t at = below(line.size() + 1);
      const auto byte = static_cast<char>(random() % 3 == 0 ? random() % 256 : 32 + random() % 95);
      switch (random() % 4) {
        case 0:
          line.insert(at, 1, byte);
          break;
        case 1:
          if (at < line.size()) line[at] = byte;
          break;
        case 2:
          line.erase(at, below(8));
          break;
        default:
          line.insert(at, line.substr(below(line.size() + 1), below(20)));
      }
    }
    return line;
  };
  const auto any = [&] {
    std::string line;
    if (random() % 4 == 0)
      for (std::size_t i = below(100); i > 0; --i) line += static_cast<char>(random() % 256);
    else
      line = mutate(seeds[below(std::size(seeds))]);
    std::ranges::replace(line, '\n', ' ');
    return line;
  };
  // Numbers of nodes are never given twice, so what each line costs grows with those before.
  constexpr long kBatch = 50, kOnOneStage = 10000;
  auto bystander = std::make_shared<Bystander>(seed);
  const auto new_stage = [&] {
    return std::make_unique<Scene>(kAnswering, [bystander](Bench& bench) { bystander->act(bench); });
  };
  auto stage = new_stage();
  auto line = std::make_unique<Caller>(*stage);
  for (long done = 0; done < lines; done += kBatch) {
    if (done > 0 && done % kOnOneStage == 0) {
      line.reset();
      stage.reset();
      stage = new_stage();
      line = std::make_unique<Caller>(*stage);
    }
    std::string batch;
    for (int i = 0; i < kBatch; ++i) batch += any() + "\n";
    CAPTURE(batch);
    line->send(batch);
    for (int i = 0; i < kBatch; ++i) REQUIRE(line->last().contains("ok"));
    if (random() % 20 == 0) line = std::make_unique<Caller>(*stage);
  }
  CHECK(line->ask({{"id", 1}, {"run", "tone = sine(1)\noutput('main', tone)"}})["ok"] == true);
  CHECK(line->ask({{"id", 1}, {"run", "1 + 1"}})["value"] == "2");
}

TEST_CASE("what the patch costs and shows is told without a turn, while code that never ends runs") {
  const Scene stage(kTone);
  Caller caller(stage), stuck(stage);
  stuck.send("{\"id\":1,\"run\":\"while true do end\"}\n");
  CHECK(caller.ask({{"id", 1}, {"top", true}}).at("ok") == true);
  json top;
  for (int i = 0; i < 1000 && (top.is_null() || top.at("nodes").empty()); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    top = caller.ask({{"id", 2}, {"top", true}}).at("top");
  }
  CHECK(top.at("rate") == 48000);
  CHECK_FALSE(top.at("nodes").empty());
  CHECK(stuck.last().at("ok") == false);
}
