// Labels whose names start with "__" steer the scrape and then vanish; the others stay on every
// series of the target. Hash and offset are Prometheus's, so that phases are the same there.
#include "scrape/target.h"

#include <fmt/format.h>

#include <vector>

#include "base/strings.h"
#include "model/duration.h"
#include "scrape/relabel.h"

namespace promenade::scrape {
namespace {

constexpr std::string_view kSchemeLabel = "__scheme__";
constexpr std::string_view kMetricsPathLabel = "__metrics_path__";
constexpr std::string_view kIntervalLabel = "__scrape_interval__";
constexpr std::string_view kTimeoutLabel = "__scrape_timeout__";
constexpr std::string_view kParameterPrefix = "__param_";
constexpr std::string_view kReservedPrefix = "__";

// What Go's net/url leaves alone in a path.
std::string encode_path(std::string_view path) {
  constexpr std::string_view kKept = "$&+,/:;=@";
  std::string out = path.starts_with('/') || path.empty() ? "" : "/";
  for (const char c : path) {
    out += kKept.find(c) != std::string_view::npos ? std::string(1, c)
                                                   : url_encode(std::string_view(&c, 1));
  }
  return out;
}

// As in HTML forms, where a blank is '+'.
std::string encode_query(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == ' ' ? "+" : url_encode(std::string_view(&c, 1));
  return out;
}

// The configured parameters; a __param_x label replaces the first value of x.
std::string build_query(const config::ScrapeConfig& job, const LabelsBuilder& labels) {
  auto params = job.params;
  for (const auto& [name, value] : labels.pairs()) {
    if (!name.starts_with(kParameterPrefix)) continue;
    std::vector<std::string>& values = params[name.substr(kParameterPrefix.size())];
    if (values.empty()) values.emplace_back();
    values[0] = value;
  }
  std::string query;
  for (const auto& [name, values] : params) {
    for (const std::string& value : values) {
      if (!query.empty()) query += '&';
      query += encode_query(name) + "=" + encode_query(value);
    }
  }
  return query;
}

std::string build_url(const config::ScrapeConfig& job, const LabelsBuilder& labels) {
  std::string url =
      fmt::format("{}://{}{}", labels.get(kSchemeLabel), labels.get(discovery::kAddressLabel),
                  encode_path(labels.get(kMetricsPathLabel)));
  const std::string query = build_query(job, labels);
  return query.empty() ? url : url + "?" + query;
}

Result<Duration> parse_time_label(const LabelsBuilder& labels, std::string_view label,
                                  std::string_view what) {
  const std::string text(labels.get(label));
  const Result<Duration> duration = parse_duration(text);
  if (!duration) {
    return bad_data(fmt::format("error parsing scrape {}: {}", what, duration.error().message));
  }
  if (duration->ms == 0) return bad_data(fmt::format("scrape {} cannot be 0", what));
  return *duration;
}

Result<void> read_timing(const LabelsBuilder& labels, Target& target) {
  target.interval = TRY(parse_time_label(labels, kIntervalLabel, "interval"));
  target.timeout = TRY(parse_time_label(labels, kTimeoutLabel, "timeout"));
  if (target.timeout > target.interval) {
    return bad_data(fmt::format("scrape timeout cannot be greater than scrape interval ({} > {})",
                                quote(labels.get(kTimeoutLabel)),
                                quote(labels.get(kIntervalLabel))));
  }
  return {};
}

Result<void> check_address(std::string_view address) {
  if (address.empty()) return bad_data("no address");
  if (address.find('/') != std::string_view::npos) {
    return bad_data(fmt::format("{} is not a valid hostname", quote(address)));
  }
  return {};
}

Result<void> check_labels(const config::ScrapeConfig& job, const Labels& labels) {
  for (const Label& label : labels) {
    if (job.legacy_names && !is_legacy_label_name(label.name)) {
      return bad_data(fmt::format("invalid label name: {}", quote(label.name)));
    }
    if (!is_utf8(label.value)) {
      return bad_data(
          fmt::format("invalid label value for {}: {}", quote(label.name), quote(label.value)));
    }
  }
  return {};
}

// Without the labels that are for Prometheus itself, with an instance.
Labels visible_labels(const LabelsBuilder& labels) {
  LabelsBuilder visible;
  for (const auto& [name, value] : labels.pairs()) {
    if (!name.starts_with(kReservedPrefix)) visible.set(name, value);
  }
  if (visible.get("instance").empty()) {
    visible.set("instance", labels.get(discovery::kAddressLabel));
  }
  return visible.build();
}

}  // namespace

uint64_t fnv1a(std::string_view bytes, uint64_t hash) {
  for (const char c : bytes) {
    hash ^= static_cast<uint8_t>(c);
    hash *= 1099511628211u;
  }
  return hash;
}

std::string Target::identity() const {
  return std::string(labels.bytes()) + url;
}

Duration Target::offset(uint64_t seed) const {
  const uint64_t hash = fnv1a(url, fnv1a(fmt::format("{:016d}", labels.hash())));
  const uint64_t interval_ns = static_cast<uint64_t>(interval.ms) * 1'000'000;
  return {static_cast<int64_t>((hash ^ seed) % interval_ns / 1'000'000)};
}

Labels discovered_labels(const config::ScrapeConfig& job, const discovery::LabelSet& group,
                         const discovery::LabelSet& target) {
  LabelsBuilder labels;
  labels.set("job", job.job_name);
  labels.set(kIntervalLabel, format_duration(job.scrape_interval));
  labels.set(kTimeoutLabel, format_duration(job.scrape_timeout));
  labels.set(kMetricsPathLabel, job.metrics_path);
  labels.set(kSchemeLabel, job.scheme);
  for (const auto& [name, values] : job.params) {
    if (!values.empty()) labels.set(std::string(kParameterPrefix) + name, values[0]);
  }
  for (const auto& [name, value] : group) {
    if (!value.empty()) labels.set(name, value);
  }
  for (const auto& [name, value] : target) {
    if (!value.empty()) labels.set(name, value);
  }
  return labels.build();
}

Result<std::optional<Target>> build_target(const config::ScrapeConfig& job, Labels discovered) {
  LabelsBuilder labels(discovered);
  if (!relabel(labels, job.relabel_configs)) return std::nullopt;

  Target target;
  TRY(check_address(labels.get(discovery::kAddressLabel)));
  TRY(read_timing(labels, target));
  target.discovered_labels = std::move(discovered);
  target.labels = visible_labels(labels);
  TRY(check_labels(job, target.labels));
  target.url = build_url(job, labels);
  return target;
}

}  // namespace promenade::scrape
