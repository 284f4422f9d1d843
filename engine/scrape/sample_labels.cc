// Runs once for each series that a target exposes for the first time; the cache keeps the outcome.
#include "scrape/sample_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/strings.h"
#include "scrape/relabel.h"

namespace promenade::scrape {
namespace {

constexpr std::string_view kExportedPrefix = "exported_";
constexpr size_t kShownMax = 50;  // Of names and values in messages.

// Skips a quoted string; `at` stands on its first quote, the result after its last.
size_t skip_string(std::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

// Whether `name=""` stands in the exposed series. The parser has accepted the text already.
bool exposes_empty(std::string_view series_text, std::string_view name) {
  constexpr std::string_view kBetween = "{,= \t";
  size_t at = std::min(series_text.find('{'), series_text.size());
  std::string_view word;
  while (at < series_text.size()) {
    const size_t begin = at;
    if (series_text[at] == '"') {
      at = skip_string(series_text, at);
      const std::string_view inner = series_text.substr(begin + 1, at - begin - 2);
      if (inner.empty() && word == name) return true;
      word = inner;  // A quoted name, or a value that no label name equals by its place.
    } else if (kBetween.find(series_text[at]) != std::string_view::npos) {
      if (series_text[at] == ',') word = {};
      ++at;
    } else {
      at = std::min(series_text.find_first_of("{,= \t\"}", at + 1), series_text.size());
      word = series_text.substr(begin, at - begin);
    }
  }
  return false;
}

// Shorter names first, so that the outcome does not depend on the order of the labels.
void rename_conflicting(LabelsBuilder& labels, std::vector<Label> conflicting) {
  std::stable_sort(conflicting.begin(), conflicting.end(),
                   [](const Label& a, const Label& b) { return a.name.size() < b.name.size(); });
  for (const Label& label : conflicting) {
    std::string name(label.name);
    do {
      name.insert(0, kExportedPrefix);
    } while (!labels.get(name).empty());
    labels.set(name, label.value);
  }
}

Result<void> check_names(const config::ScrapeConfig& job, const Labels& labels) {
  const std::string_view name = labels.metric_name();
  if (name.empty()) return bad_data("missing metric name (__name__ label)");
  if (!job.legacy_names) return {};
  bool is_valid = is_legacy_metric_name(name);
  for (const Label& label : labels) is_valid = is_valid && is_legacy_label_name(label.name);
  if (is_valid) return {};
  return bad_data("invalid metric name or label names: " + labels.to_string());
}

Result<void> check_limits(const config::ScrapeLimits& limits, const Labels& labels) {
  const std::string_view metric = labels.metric_name().substr(0, kShownMax);
  if (limits.labels > 0 && labels.count() > limits.labels) {
    return fail(ErrorCode::Limit,
                fmt::format("label_limit exceeded (metric: {}, number of labels: {}, limit: {})",
                            metric, labels.count(), limits.labels));
  }
  if (limits.label_name_length == 0 && limits.label_value_length == 0) return {};
  for (const Label& label : labels) {
    const std::string_view name = label.name.substr(0, kShownMax);
    if (limits.label_name_length > 0 && label.name.size() > limits.label_name_length) {
      return fail(ErrorCode::Limit,
                  fmt::format("label_name_length_limit exceeded (metric: {}, label name: {}, "
                              "length: {}, limit: {})",
                              metric, name, label.name.size(), limits.label_name_length));
    }
    if (limits.label_value_length > 0 && label.value.size() > limits.label_value_length) {
      return fail(ErrorCode::Limit,
                  fmt::format("label_value_length_limit exceeded (metric: {}, label name: {}, "
                              "value: {}, length: {}, limit: {})",
                              metric, name, quote(label.value.substr(0, kShownMax)),
                              label.value.size(), limits.label_value_length));
    }
  }
  return {};
}

}  // namespace

LabelsBuilder merge_labels(const Labels& exposed, std::string_view series_text,
                           const Labels& target, bool honor_labels) {
  LabelsBuilder merged(exposed);
  std::vector<Label> conflicting;
  for (const Label& label : target) {
    const std::string_view existing = exposed.get(label.name);
    if (!honor_labels) {
      if (!existing.empty()) conflicting.push_back({label.name, existing});
      merged.set(label.name, label.value);
    } else if (existing.empty() && !exposes_empty(series_text, label.name)) {
      merged.set(label.name, label.value);
    }
  }
  rename_conflicting(merged, std::move(conflicting));
  return merged;
}

Result<std::optional<Labels>> stored_labels(const config::ScrapeConfig& job, const Labels& exposed,
                                            std::string_view series_text, const Labels& target) {
  LabelsBuilder merged = merge_labels(exposed, series_text, target, job.honor_labels);
  if (!relabel(merged, job.metric_relabel_configs)) return std::nullopt;
  Labels labels = merged.build();
  TRY(check_names(job, labels));
  TRY(check_limits(job.limits, labels));
  return labels;
}

}  // namespace promenade::scrape
