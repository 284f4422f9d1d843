// wasm/engine_abi.cc
// The boundary between the page's worker and the engine: C functions over bytes in linear memory.
//
//   - Texts are passed as pointer and length in memory from promenade_allocate, which the caller
//     releases after the call.
//   - Every call that answers returns a pointer to one Response, owned by this side and valid until
//     the next call.
//   - Worlds are named by handles from 1 up, and live as long as the worker. Nothing here throws or
//     aborts on bad arguments: the answer is then a Response with an HTTP status that says so.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "grading/grader.h"
#include "sim/world.h"

namespace {

using promenade::HttpRequest;
using promenade::HttpResponse;

// A day: some seconds of simulation, and more than any lesson looks back on.
constexpr double kHistorySecondsMax = 86'400;

// What TypeScript reads: three 32-bit words.
struct Response {
  uint32_t status;
  uint32_t body;  // Address of the first byte.
  uint32_t body_size;
};
static_assert(sizeof(void*) != 4 || sizeof(Response) == 12);

struct Text {
  const char* bytes;
  uint32_t size;
  std::string_view view() const { return {bytes, size}; }
};

class Host {
 public:
  // History of at most kHistorySecondsMax; more, less than 0 or NaN is answered with 400.
  // `files` is a JSON object of sim::WorldOptions::files, or nothing.
  const Response* open_world(Text workload, uint32_t seed, double history_seconds, Text files);
  const Response* ask(uint32_t handle, Text method, Text url, Text body);
  const Response* grade(Text exercise_yaml, Text answer);

 private:
  const Response* respond(int status, std::string body);

  std::map<uint32_t, std::unique_ptr<promenade::sim::World>> worlds_;
  uint32_t last_handle_ = 0;
  promenade::grading::Grader grader_;
  std::string body_;
  Response response_{};
};

const Response* Host::respond(int status, std::string body) {
  body_ = std::move(body);
  response_ = {static_cast<uint32_t>(status),
               static_cast<uint32_t>(reinterpret_cast<uintptr_t>(body_.data())),
               static_cast<uint32_t>(body_.size())};
  return &response_;
}

const Response* Host::open_world(Text workload, uint32_t seed, double history_seconds, Text files) {
  if (!(history_seconds >= 0 && history_seconds <= kHistorySecondsMax)) {
    return respond(400, "A world's history is between 0 and " +
                            std::to_string(static_cast<int>(kHistorySecondsMax)) +
                            " seconds long.");
  }
  promenade::sim::WorldOptions options;
  options.workload = workload.view();
  options.seed = seed;
  options.history = promenade::Duration::milliseconds(static_cast<int64_t>(history_seconds * 1000));
  if (files.size > 0) {
    const auto given = nlohmann::json::parse(files.view(), nullptr, false);
    if (!given.is_object()) return respond(400, "A world's files are a JSON object of texts.");
    for (const auto& [name, text] : given.items()) {
      if (!text.is_string()) return respond(400, "The file " + name + " is not a text.");
      options.files[name] = text.get<std::string>();
    }
  }
  auto world = promenade::sim::World::create(options);
  if (!world) {
    const bool is_unknown = world.error().code == promenade::ErrorCode::NotFound;
    return respond(is_unknown ? 404 : 400, std::move(world.error().message));
  }
  worlds_[++last_handle_] = std::move(*world);
  return respond(200, std::to_string(last_handle_));
}

const Response* Host::ask(uint32_t handle, Text method, Text url, Text body) {
  const auto world = worlds_.find(handle);
  if (world == worlds_.end()) return respond(410, "This world is closed; open it again.");
  HttpRequest request;
  request.method = method.view();
  request.url = url.view();
  request.body = body.view();
  if (body.size > 0) {
    const bool is_json = request.body.front() == '{' || request.body.front() == '[';
    request.headers.set("Content-Type",
                        is_json ? "application/json" : "application/x-www-form-urlencoded");
  }
  HttpResponse response = world->second->handle(request);
  return respond(response.status, std::move(response.body));
}

const Response* Host::grade(Text exercise_yaml, Text answer) {
  const auto exercise = promenade::grading::parse_exercise("exercise", exercise_yaml.view());
  if (!exercise) return respond(400, exercise.error().message);
  return respond(200, promenade::grading::to_json(grader_.grade(*exercise, answer.view())));
}

// Constructed on first use: a module without an entry point has no moment for static constructors
// that the loader could miss.
Host& host() {
  static Host instance;
  return instance;
}

}  // namespace

extern "C" {

void* promenade_allocate(uint32_t size) {
  return std::malloc(size == 0 ? 1 : size);
}
void promenade_release(void* memory) {
  std::free(memory);
}

const Response* promenade_open_world(const char* workload, uint32_t workload_size, uint32_t seed,
                                     double history_seconds, const char* files,
                                     uint32_t files_size) {
  return host().open_world({workload, workload_size}, seed, history_seconds, {files, files_size});
}

const Response* promenade_ask(uint32_t handle, const char* method, uint32_t method_size,
                              const char* url, uint32_t url_size, const char* body,
                              uint32_t body_size) {
  return host().ask(handle, {method, method_size}, {url, url_size}, {body, body_size});
}

const Response* promenade_grade(const char* exercise, uint32_t exercise_size, const char* answer,
                                uint32_t answer_size) {
  return host().grade({exercise, exercise_size}, {answer, answer_size});
}

}  // extern "C"
