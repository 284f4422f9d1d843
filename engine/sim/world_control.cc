// engine/sim/world_control.cc
// One function for each path. Whatever a request says, the answer is a status and a text that
// helps.
#include "sim/world_control.h"

#include <fmt/format.h>

#include "api/parameters.h"
#include "base/strings.h"
#include "model/duration.h"
#include "model/number_format.h"
#include "sim/chaos/controls.h"
#include "sim/model/data_centre.h"

namespace promenade::sim {
namespace {

// The most that one request may move the clock on.
constexpr Duration kAdvanceMax = Duration::hours(24);

HttpResponse json_response(std::string body) {
  HttpResponse response;
  response.headers.set("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

HttpResponse error_response(const Error& error) {
  return text_response(error.code == ErrorCode::NotFound ? 404 : 400, error.message + "\n");
}

HttpResponse clock_state(const World& world, Timestamp start) {
  std::string body = "{\"now\":";
  append_json_timestamp(body, world.now().ms);
  body += ",\"start\":";
  append_json_timestamp(body, start.ms);
  return json_response(body + '}');
}

HttpResponse move_clock(World& world, Timestamp start, const api::Parameters& parameters) {
  if (parameters.get("step") == "scrape") {
    world.step_scrape();
    return clock_state(world, start);
  }
  if (const std::string_view text = parameters.get("to"); !text.empty()) {
    const auto to = api::parse_time(text);
    if (!to) return error_response(to.error());
    if (*to > world.now() + kAdvanceMax) {
      return text_response(400, "to=" + quote(text) + ": at most 24 hours ahead at a time\n");
    }
    if (*to >= world.now()) {
      world.run_until(*to);
    } else if (const auto rewound = world.rewind(*to); !rewound) {
      return error_response(rewound.error());
    }
    return clock_state(world, start);
  }
  const std::string_view text = parameters.get("advance");
  const Result<double> seconds = parse_float(text);
  if (!seconds || !(*seconds > 0) || *seconds > kAdvanceMax.in_seconds()) {
    return text_response(400, "advance=" + quote(text) +
                                  ": expected seconds above 0 and up to 86400, as in "
                                  "POST http://world/clock?advance=60\n");
  }
  world.run_until(world.now() + Duration::milliseconds(static_cast<int64_t>(*seconds * 1000)));
  return clock_state(world, start);
}

std::string controls_json(const World& world) {
  std::string out = "{\"controls\":[";
  for (const ControlEntry& entry : controls()) {
    if (out.back() == '}') out += ',';
    out +=
        fmt::format("{{\"kind\":{},\"effect\":{},\"for\":{},\"parameters\":{{", quote(entry.name),
                    quote(entry.effect), quote(format_duration(entry.length)));
    for (const ControlParameter& parameter : entry.parameters) {
      if (parameter.name.empty()) continue;
      if (out.back() == '"') out += ',';
      out += fmt::format("{}:{}", quote(parameter.name), quote(parameter.meaning));
    }
    out += "}}";
  }
  for (const auto& [name, effect] : world.data_centre().definition().troubles) {
    if (out.back() == '}') out += ',';
    out += fmt::format("{{\"kind\":{},\"effect\":{},\"for\":\"5m\",\"parameters\":{{}}}}",
                       quote(name), quote(effect));
  }
  return out + "]}";
}

HttpResponse cause_chaos(World& world, const HttpRequest& request) {
  const api::Parameters parameters(request);
  if (const std::string_view text = parameters.get("revert"); !text.empty()) {
    const auto id = api::parse_integer(text);
    if (!id) return error_response(id.error());
    const auto reverted = world.revert(static_cast<uint64_t>(*id));
    return reverted ? json_response("{}") : error_response(reverted.error());
  }
  Timeline::Request wanted;
  wanted.kind = parameters.get("kind");
  for (const std::string_view target : parameters.all("target")) {
    for (const std::string_view name : split(target, ',')) {
      if (!name.empty()) wanted.targets.emplace_back(name);
    }
  }
  if (const std::string_view text = parameters.get("strength"); !text.empty()) {
    const auto strength = parse_float(text);
    if (!strength) {
      return text_response(400, "strength=" + quote(text) + ": expected a number such as 0.5\n");
    }
    wanted.strength = *strength;
  }
  if (const std::string_view text = parameters.get("for"); !text.empty()) {
    const auto length = api::parse_duration_parameter(text);
    if (!length || length->ms <= 0 || *length > kAdvanceMax * 30) {
      return text_response(400, "for=" + quote(text) + ": expected a duration such as 90s or 5m\n");
    }
    wanted.length = *length;
  }
  if (const ControlEntry* entry = find_control(wanted.kind)) {
    for (const ControlParameter& parameter : entry->parameters) {
      const std::string_view text = parameters.get(parameter.name);
      if (!parameter.name.empty() && !text.empty()) {
        wanted.parameters[std::string(parameter.name)] = text;
      }
    }
  }
  const auto id = world.cause(wanted);
  return id ? json_response(fmt::format("{{\"id\":{}}}", *id)) : error_response(id.error());
}

HttpResponse tell_truth(const World& world, Timestamp start, const api::Parameters& parameters) {
  TruthQuestion question;
  question.service = parameters.get("service");
  question.instance = parameters.get("instance");
  const auto from = api::time_parameter_or(parameters, "start", start);
  if (!from) return error_response(from.error());
  const auto until = api::time_parameter_or(parameters, "end", world.now());
  if (!until) return error_response(until.error());
  question.start = *from;
  question.end = *until;
  for (const std::string_view text : parameters.all("quantile")) {
    const auto quantile = parse_float(text);
    if (!quantile || !(*quantile > 0 && *quantile < 1)) {
      return text_response(400,
                           "quantile=" + quote(text) + ": expected a number between 0 and 1\n");
    }
    question.quantiles.push_back(*quantile);
  }
  return json_response(truth_json(world.data_centre(), start, question));
}

}  // namespace

HttpResponse answer_control(World& world, Timestamp start, const HttpRequest& request) {
  const std::string_view path = split_url(request.url).path;
  const bool is_get = request.method == "GET";
  if (!is_get && request.method != "POST") {
    return text_response(405, request.method + " is not for the world; use GET or POST\n");
  }
  const api::Parameters parameters(request);
  if (path == "/clock") {
    return is_get ? clock_state(world, start) : move_clock(world, start, parameters);
  }
  if (path == "/chaos") {
    return is_get ? json_response(controls_json(world)) : cause_chaos(world, request);
  }
  if (path == "/timeline") return json_response(world.timeline().to_json(world.now()));
  if (path == "/truth") return tell_truth(world, start, parameters);
  if (path == "/hash")
    return json_response(fmt::format("{{\"hash\":\"{:016x}\"}}", world.state_hash()));
  return text_response(404,
                       "http://world has /clock, /chaos, /timeline, /truth and /hash: GET "
                       "http://world/chaos lists what can be done to it\n");
}

}  // namespace promenade::sim
