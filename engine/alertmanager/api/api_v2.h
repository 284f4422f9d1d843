#pragma once  // engine/alertmanager/api/api_v2.h
// Alertmanager's HTTP API v2 as a function from request to response
// (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml is its description).
#include <functional>
#include <string>
#include <vector>

#include "alertmanager/alert_store.h"
#include "alertmanager/dispatcher.h"
#include "alertmanager/inhibitor.h"
#include "alertmanager/metrics.h"
#include "alertmanager/pipeline.h"
#include "alertmanager/route_tree.h"
#include "alertmanager/silences.h"
#include "base/transport.h"
#include "config/alertmanager/alertmanager_config.h"

namespace promenade::alertmanager {

inline constexpr std::string_view kApiPrefix = "/api/v2";

// What the API shows and changes; valid for one request.
struct ApiContext {
  Timestamp now;
  const config::AlertmanagerConfig& config;
  const std::string& config_text;  // Normalised, secrets hidden.
  const AlertStore& alerts;
  const RouteTree& routes;
  const Inhibitor& inhibitor;
  const Dispatcher& dispatcher;
  const Pipeline& pipeline;
  Silences& silences;
  Metrics& metrics;
  config::MatcherGrammar grammar;
  Timestamp started;
  std::string_view version;
  // Takes a valid alert that a client has pushed.
  std::function<void(Alert)> put;
};

// `request.url` is path and query; the path starts with kApiPrefix.
HttpResponse handle_api(const ApiContext& context, const HttpRequest& request);

}  // namespace promenade::alertmanager
