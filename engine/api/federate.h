#pragma once  // engine/api/federate.h
// GET /federate?match[]=SELECTOR: the newest samples of the series selected, as an exposition that
// another Prometheus scrapes (https://prometheus.io/docs/prometheus/latest/federation/).
#include <map>
#include <string>

#include "base/transport.h"
#include "model/queryable.h"

namespace promenade::api {

struct FederationContext {
  const Queryable& store;
  Timestamp now;
  Duration lookback;  // A series whose newest sample is older has ended.
  // Added to every series that has no label of the name.
  const std::map<std::string, std::string>& external_labels;
};

// Series in order of their metric's names; nothing without match[]. 400 for a selector that can't
// be read. Left out are native histograms, which the text format has no words for, and series whose
// names it can't write.
HttpResponse federate(const FederationContext& context, const HttpRequest& request);

}  // namespace promenade::api
