// The one endpoint besides /metrics that other servers scrape.
#include "api/federate.h"

#include <algorithm>
#include <set>
#include <vector>

#include "api/parameters.h"
#include "exposition/writer.h"

namespace promenade::api {
namespace {

constexpr std::string_view kName = "__name__";

struct Newest {
  const Labels* labels;
  int64_t time_ms;
  double value;
};

bool is_writable(const Labels& labels) {
  return std::all_of(labels.begin(), labels.end(), [](const Label& label) {
    return label.name == kName ? is_legacy_metric_name(label.value)
                               : is_legacy_label_name(label.name);
  });
}

Result<std::vector<Newest>> newest_samples(const FederationContext& context,
                                           const MatcherSets& sets) {
  // Both ends belong to it, other than in PromQL.
  const TimeRange range{context.now - context.lookback, context.now};
  std::set<SeriesRef> seen;
  std::vector<Newest> found;
  SampleColumns samples;
  for (const std::vector<Matcher>& matchers : sets) {
    for (const SelectedSeries& series : TRY(context.store.select(matchers, range))) {
      if (!seen.insert(series.ref).second || !is_writable(*series.labels)) continue;
      samples.clear();
      TRY(context.store.read(series.ref, range, samples));
      if (samples.times_ms.empty() || is_stale_nan(samples.values.back())) continue;
      const int64_t time_ms = samples.times_ms.back();
      if (!samples.histograms.empty() && samples.histograms.back().time_ms > time_ms) continue;
      found.push_back({series.labels, time_ms, samples.values.back()});
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Newest& a, const Newest& b) {
    return a.labels->get(kName) < b.labels->get(kName);
  });
  return found;
}

// The series' own labels, then what is added to them.
std::vector<Label> labels_to_write(const Labels& own,
                                   const std::map<std::string, std::string>& external) {
  std::vector<Label> labels;
  for (const Label& label : own) {
    if (label.name != kName) labels.push_back(label);
  }
  for (const auto& [name, value] : external) {
    if (own.get(name).empty()) labels.push_back({name, value});
  }
  // So that the scraping server does not add its own.
  const bool has_instance = std::any_of(
      labels.begin(), labels.end(), [](const Label& label) { return label.name == "instance"; });
  if (!has_instance) labels.push_back({"instance", ""});
  return labels;
}

HttpResponse text_response(int status, std::string_view type, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.set("Content-Type", std::string(type));
  return response;
}

HttpResponse error_response(int status, const Error& error) {
  return text_response(status, "text/plain; charset=utf-8", error.message + "\n");
}

}  // namespace

HttpResponse federate(const FederationContext& context, const HttpRequest& request) {
  const Parameters parameters(request);
  const auto sets = match_parameters(parameters);
  if (!sets) return error_response(400, sets.error());
  const auto samples = newest_samples(context, *sets);
  if (!samples) return error_response(500, samples.error());
  std::string body;
  exposition::Writer writer(body);
  std::string_view family;
  for (const Newest& sample : *samples) {
    const std::string_view name = sample.labels->get(kName);
    if (name != family) writer.family(name, MetricType::Unknown, "");
    family = name;
    writer.sample(labels_to_write(*sample.labels, context.external_labels), sample.value,
                  sample.time_ms);
  }
  return text_response(200, exposition::kTextContentType, std::move(body));
}

}  // namespace promenade::api
