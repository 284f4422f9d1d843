#pragma once  // engine/api/result_json.h
// Query results as the API writes them
// (https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats).
#include <cstdint>

#include "api/api.h"
#include "api/json_writer.h"
#include "promql/engine.h"

namespace promenade::api {

// The members "resultType" and "result". Of a vector or matrix at most `limit` series are
// written, unless it is 0; the answer is whether some were left out.
bool write_result(JsonWriter& out, const promql::QueryResult& result, uint64_t limit,
                  Executor& executor);

// {"timings":{...},"samples":{...}}
void write_statistics(JsonWriter& out, const promql::QueryStatistics& statistics,
                      const QueryTimes& times);

}  // namespace promenade::api
