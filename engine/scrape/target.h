#pragma once  // engine/scrape/target.h
// From the labels that discovery found to a target: relabelling, validation, and the URL
// (Prometheus's scrape/target.go, PopulateLabels).
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "config/config.h"
#include "discovery/discovery.h"
#include "model/labels.h"

namespace promenade::scrape {

// A target as relabelling left it.
struct Target {
  Labels discovered_labels;  // Before relabelling.
  Labels labels;             // What its series get: no name starts with "__".
  std::string url;
  Duration interval;
  Duration timeout;

  // Two targets with the same identity are one target.
  std::string identity() const;
  // Where within the interval it is scraped, the same after every restart. `seed` differs between
  // replicas, so that they don't all scrape at once.
  Duration offset(uint64_t seed) const;
};

// The labels of one discovered target with those of its group and the job's defaults.
Labels discovered_labels(const config::ScrapeConfig& job, const discovery::LabelSet& group,
                         const discovery::LabelSet& target);

// Nothing when relabelling drops it. BadData when what relabelling left is no usable target.
Result<std::optional<Target>> build_target(const config::ScrapeConfig& job, Labels discovered);

// FNV-1a in 64 bits, which Prometheus spreads scrapes by.
uint64_t fnv1a(std::string_view bytes, uint64_t hash = 14695981039346656037u);

}  // namespace promenade::scrape
