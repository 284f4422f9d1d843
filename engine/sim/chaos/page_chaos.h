#pragma once  // engine/sim/chaos/page_chaos.h
// What chaos does to an answer of /metrics that would have been good.
#include "base/time.h"
#include "base/transport.h"
#include "sim/chaos/timeline.h"

namespace promenade::sim {

void apply_page_chaos(const Disturbance& disturbance, Timestamp now, HttpResponse& response);

}  // namespace promenade::sim
