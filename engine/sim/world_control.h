#pragma once  // engine/sim/world_control.h
// The host "world": what pages, graders and tests do to a world, and ask about it, by HTTP.
//
//   GET  http://world/clock                    {"now":seconds,"start":seconds}
//   POST http://world/clock?advance=60         moves time on by 60 seconds
//   POST http://world/clock?to=1767229200      runs to an instant, or rewinds to it
//   POST http://world/clock?step=scrape        until the next scrape is answered
//   GET  http://world/chaos                    the controls, with their parameters
//   POST http://world/chaos?kind=restart&target=checkout-1&for=60s&strength=0.5&status=503
//                                              causes it: {"id":7}; other parameters are the kind's
//   POST http://world/chaos?revert=7           ends it
//   GET  http://world/timeline                 what has gone wrong, planned or caused
//   GET  http://world/truth?service=checkout&instance=checkout-1&start=...&end=...&quantile=0.95
//                                              what really happened; all parameters optional
//   GET  http://world/hash                     of the state
#include "base/transport.h"
#include "sim/world.h"

namespace promenade::sim {

// `start` is when the world began.
HttpResponse answer_control(World& world, Timestamp start, const HttpRequest& request);

}  // namespace promenade::sim
