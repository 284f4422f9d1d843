// What is scraped and how it goes
// (https://prometheus.io/docs/prometheus/latest/querying/api/#targets).
#include <map>

#include "api/handlers.h"
#include "api/rfc3339.h"
#include "base/host_port.h"
#include "base/strings.h"
#include "model/duration.h"
#include "scrape/manager.h"

namespace promenade::api {
namespace {

using scrape::DroppedTarget;
using scrape::TargetStatus;

// Go's zero time, which Prometheus shows for a target that was never scraped.
constexpr std::string_view kNever = "0001-01-01T00:00:00Z";

// The URL as somebody on another machine can reach it: a loopback address becomes the host of the
// external URL, and our own listener becomes the external URL's scheme, host and port.
std::string global_url(const std::string& url, const ApiContext& context) {
  const UrlParts parts = split_url(url);
  const UrlParts external = split_url(context.external_url);
  const HostPort target = split_host_port(parts.authority);
  const bool is_loopback =
      target.host == "127.0.0.1" || target.host == "localhost" || target.host == "::1";
  if (!is_loopback || external.authority.empty()) return url;

  std::string_view scheme = parts.scheme;
  std::string authority(external.authority);
  if (target.port == split_host_port(context.listen_address).port) {
    scheme = external.scheme;
  } else {
    authority = join_host_port(split_host_port(external.authority).host, target.port);
  }
  std::string global = std::string(scheme) + "://" + authority + std::string(parts.path);
  if (!parts.query.empty()) global.append("?").append(parts.query);
  return global;
}

void write_target(JsonWriter& data, const TargetStatus& target, const ApiContext& context) {
  data.begin_object();
  data.key("discoveredLabels");
  data.labels(target.discovered_labels);
  data.key("labels");
  data.labels(target.labels);
  data.field("scrapePool", target.scrape_pool);
  data.field("scrapeUrl", target.scrape_url);
  data.field("globalUrl", global_url(target.scrape_url, context));
  data.field("lastError", target.last_error);
  data.key("lastScrape");
  data.string(target.last_scrape.ms == 0 ? std::string(kNever)
                                         : format_rfc3339(target.last_scrape));
  data.key("lastScrapeDuration");
  data.number(target.last_scrape_seconds);
  data.field("health", to_string(target.health));
  data.field("scrapeInterval", format_duration(target.scrape_interval));
  data.field("scrapeTimeout", format_duration(target.scrape_timeout));
  data.end_object();
}

void write_active(JsonWriter& data, const Call& call, std::string_view pool) {
  data.begin_array();
  for (const TargetStatus& target : call.context.scrapes->targets()) {
    if (pool.empty() || pool == target.scrape_pool) write_target(data, target, call.context);
  }
  data.end_array();
}

void write_dropped(JsonWriter& data, const std::vector<DroppedTarget>& dropped,
                   std::string_view pool) {
  data.begin_array();
  for (const DroppedTarget& target : dropped) {
    if (!pool.empty() && pool != target.scrape_pool) continue;
    data.begin_object();
    data.key("discoveredLabels");
    data.labels(target.discovered_labels);
    data.field("scrapePool", target.scrape_pool);
    data.end_object();
  }
  data.end_array();
}

// Every pool counts, those without a dropped target too.
void write_dropped_counts(JsonWriter& data, const std::vector<std::string>& pools,
                          const std::vector<DroppedTarget>& dropped) {
  std::map<std::string, uint64_t> counts;
  for (const std::string& pool : pools) counts[pool] = 0;
  for (const DroppedTarget& target : dropped) ++counts[target.scrape_pool];
  data.begin_object();
  for (const auto& [pool, count] : counts) {
    data.name(pool);
    data.unsigned_integer(count);
  }
  data.end_object();
}

void write_empty_array(JsonWriter& data) {
  data.begin_array();
  data.end_array();
}

}  // namespace

Result<Reply> targets(const Call& call, JsonWriter& data) {
  const std::string state = to_lower(call.parameters.get("state"));
  const std::string_view pool = call.parameters.get("scrapePool");
  const bool has_scrapes = call.context.scrapes != nullptr;
  const bool shows_all = state.empty() || state == "any";
  const bool shows_dropped = shows_all || state == "dropped";

  data.begin_object();
  data.key("activeTargets");
  if (has_scrapes && (shows_all || state == "active")) {
    write_active(data, call, pool);
  } else {
    write_empty_array(data);
  }
  const std::vector<DroppedTarget> dropped = has_scrapes && shows_dropped
                                                 ? call.context.scrapes->dropped_targets()
                                                 : std::vector<DroppedTarget>{};
  data.key("droppedTargets");
  write_dropped(data, dropped, pool);
  data.key("droppedTargetCounts");
  if (shows_dropped) {
    write_dropped_counts(
        data, has_scrapes ? call.context.scrapes->scrape_pools() : std::vector<std::string>{},
        dropped);
  } else {
    data.null();
  }
  data.end_object();
  return Reply{};
}

Result<Reply> scrape_pools(const Call& call, JsonWriter& data) {
  data.begin_object();
  data.key("scrapePools");
  data.begin_array();
  if (call.context.scrapes) {
    for (const std::string& pool : call.context.scrapes->scrape_pools()) data.string(pool);
  }
  data.end_array();
  data.end_object();
  return Reply{};
}

}  // namespace promenade::api
