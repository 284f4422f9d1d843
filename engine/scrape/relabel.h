#pragma once  // engine/scrape/relabel.h
// Applies relabelling rules to a label set: to targets before they are scraped, and to the samples
// that they expose
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config).
#include <span>
#include <string>
#include <string_view>

#include "config/relabel_config.h"
#include "model/labels.h"

namespace promenade::scrape {

// The rules in order on one working set. False when a rule drops it; `labels` is then as that rule
// found it.
bool relabel(LabelsBuilder& labels, std::span<const config::RelabelConfig> rules);

}  // namespace promenade::scrape
