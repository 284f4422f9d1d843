// http_sd_configs: a URL that answers with what a file_sd file holds
// (https://prometheus.io/docs/prometheus/latest/http_sd/).
#include "base/strings.h"
#include "discovery/poll.h"

namespace promenade::discovery {
namespace {

constexpr std::string_view kUrlLabel = "__meta_url";

Result<void> check_content_type(std::string_view type) {
  const std::string lower = to_lower(trim(type));
  const bool is_json = lower == "application/json" || lower == "application/json;charset=utf-8" ||
                       lower == "application/json; charset=utf-8";
  if (is_json) return {};
  return bad_data("unsupported content type " + quote(type) + "; expected application/json");
}

class HttpProvider final : public Provider {
 public:
  HttpProvider(const config::HttpSdConfig& config, const ProviderContext& context,
               std::function<void()> on_change)
      : config_(config),
        on_change_(std::move(on_change)),
        poll_(context, {.what = config.url,
                        .interval = config.refresh_interval,
                        .timeout = config.refresh_interval,
                        .http = config.http,
                        .request = [this] { return request(); },
                        .accept = [this](const HttpResponse& answer) { return accept(answer); },
                        .on_failure = nullptr}) {}

  const std::vector<TargetGroup>& groups() const override { return groups_; }

 private:
  Result<HttpRequest> request() const {
    HttpRequest request;
    request.url = config_.url;
    request.headers.set("Accept", "application/json");
    request.headers.set("X-Prometheus-Refresh-Interval-Seconds",
                        std::to_string(config_.refresh_interval.ms / 1000));
    return request;
  }

  Result<void> accept(const HttpResponse& answer) {
    TRY(check_content_type(answer.headers.get("Content-Type")));
    std::vector<TargetGroup> groups;
    for (const auto& found : TRY(config::parse_target_file(config_.url, answer.body))) {
      TargetGroup group;
      group.source = config_.url + ":" + std::to_string(groups.size());
      group.labels.insert(found.labels.begin(), found.labels.end());
      group.labels[std::string(kUrlLabel)] = config_.url;
      for (const std::string& address : found.targets) {
        group.targets.push_back({{std::string(kAddressLabel), address}});
      }
      groups.push_back(std::move(group));
    }
    if (groups == groups_) return {};
    groups_ = std::move(groups);
    on_change_();
    return {};
  }

  const config::HttpSdConfig config_;
  std::function<void()> on_change_;
  std::vector<TargetGroup> groups_;
  Poll poll_;
};

}  // namespace

std::unique_ptr<Provider> make_http_provider(const config::HttpSdConfig& config,
                                             ProviderContext context,
                                             std::function<void()> on_change) {
  return std::make_unique<HttpProvider>(config, context, std::move(on_change));
}

}  // namespace promenade::discovery
