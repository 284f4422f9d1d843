#pragma once  // engine/alertmanager/api/handlers.h
// What the files of this folder share. Internal to it.
#include <string>
#include <string_view>
#include <vector>

#include "alertmanager/api/api_v2.h"
#include "api/json_writer.h"
#include "api/parameters.h"

namespace promenade::alertmanager {

struct ApiCall {
  const ApiContext& context;
  const HttpRequest& request;
  const promenade::api::Parameters& parameters;
  std::string_view argument;  // What a path has behind its last slash: a silence's id.
};

HttpResponse json_response(int status, std::string body);
// {"code":602,"message":"..."}: what the schema's validation answers.
HttpResponse schema_error(int status, int code, std::string_view message);
// "...": what the handlers answer.
HttpResponse handler_error(int status, std::string_view message);

// The filter parameters, parsed. The error is for handler_error().
Result<std::vector<Matcher>> filters(const ApiCall& call);
// True unless the parameter is there and says something else than yes.
bool is_wanted(const ApiCall& call, std::string_view parameter);
// "2026-11-20T20:07:40.858Z"
std::string api_time(Timestamp time);

// alerts.cc
HttpResponse get_alerts(const ApiCall& call);
HttpResponse get_alert_groups(const ApiCall& call);
HttpResponse post_alerts(const ApiCall& call);

// silences.cc
HttpResponse get_silences(const ApiCall& call);
HttpResponse post_silences(const ApiCall& call);
HttpResponse get_silence(const ApiCall& call);
HttpResponse delete_silence(const ApiCall& call);

// api_v2.cc
HttpResponse get_status(const ApiCall& call);
HttpResponse get_receivers(const ApiCall& call);

}  // namespace promenade::alertmanager
