#pragma once  // engine/scrape/sample_labels.h
// From the labels that a target exposes to those that are stored: merged with the target's own,
// relabelled, checked against the limits (Prometheus's scrape/scrape.go, mutateSampleLabels).
#include <optional>
#include <string_view>

#include "base/result.h"
#include "config/config.h"
#include "model/labels.h"

namespace promenade::scrape {

// Without honor_labels the target's labels win, and an exposed one in their way is renamed to
// exported_<name>. With it the exposed ones win. `series_text` is the series as exposed: an exposed
// empty label is not in `exposed`, and keeps the target's label away all the same.
LabelsBuilder merge_labels(const Labels& exposed, std::string_view series_text,
                           const Labels& target, bool honor_labels);

// The labels to store, or nothing when metric_relabel_configs drop the sample. A failure is the
// whole scrape's.
Result<std::optional<Labels>> stored_labels(const config::ScrapeConfig& job, const Labels& exposed,
                                            std::string_view series_text, const Labels& target);

}  // namespace promenade::scrape
