#pragma once  // engine/api/explain_json.h
// The data of /api/v1/explain: an explanation (promql/explain.h) as JSON. Ours, not Prometheus's.
//
//   GET or POST /api/v1/explain?query=...[&time=...][&limit=...][&stats=all]
//   GET or POST /api/v1/explain?query=...&start=...&end=...&step=...[&limit=...][&stats=all]
//
// Parameters are those of /query and /query_range; `limit` is the number of series shown for each
// node and of entries of each kind in its tables, 10 by default, 1000 at most. A query that can't
// be parsed is an error as ever; one that fails while it is evaluated is not: its nodes say where.
//
//   data     {"nodes": [node, ...]}          the root first, parents before children
//   node     {"id": 0, "parent": 0 | absent, "children": [1, 2],
//             "type": "call",                as in /parse_query: numberLiteral, stringLiteral,
//                                            vectorSelector, matrixSelector, subquery, call,
//                                            aggregation, binaryExpr, unaryExpr, parenExpr
//             "name": "rate",                function, operator or metric; absent for others
//             "valueType": "vector", "position": {"start": 0, "end": 9},    bytes of the query
//             "reading": "The per-second ...",
//             "status": "evaluated" | "failed" | "blocked" | "skipped", ...}
//   failed   + "error": {"errorType": "execution", "error": "...", "position": {...} | absent}
//   blocked  + "blockedOn": 3                 the child that has no value
//   skipped  + "note": "..."
//   evaluated, each part only where there is one:
//            + "steps": {"start": 0, "end": 60, "step": 15}     where it was evaluated
//              "inSubquery": true, "constant": true  the same at all steps, shown at the first
//              "series": 3, "seriesLeftOut": 1, "thinned": true,
//              "samplesRead": 40, "bytes": 99, "seconds": 0.001     its own; seconds with stats=all
//              "labels": [{"name": "job", "values": 2, "examples": ["a", "b"]}, ...],
//              "warnings": ["..."], "infos": ["..."],     raised by this node
//              "resultType": ..., "result": ...           as in /query
//              "selector": selector, "window": window, "rates": [rate, ...],
//              "quantiles": [quantile, ...]
//   evaluated or failed, between two vectors: "matching": matching
//
//   selector {"time": 60, "lookback": 300, "sampleTimes": [55, ...],    of the series shown
//             "stale": 0, "older": 2, "newestOlder": -500 | absent}
//   window   {"start": 0, "end": 60}
//   rate     {"metric": {...}, "window": window, "samples": 4} and either "refusal": "..." or
//            {"first": [15, "1"], "last": [60, "7"],
//             "resets": [{"time": 45, "before": "5", "after": "1"}], "correction": "5",
//             "raw": "11", "sampledSeconds": 45, "intervalSeconds": 15, "gapStartSeconds": 15,
//             "gapEndSeconds": 0, "toStartSeconds": 15, "toEndSeconds": 0,
//             "startReach": "edge" | "halfInterval" | "zero", "endReach": ...,
//             "factor": 1.33, "divisor": 60, "result": "0.24"}
//   quantile {"metric": {...}, "native": false, "quantile": "0.9", "total": "10", "rank": "9",
//             "buckets": [["0", "0.1", "7"], ...],     lower and upper bound, cumulative count
//             "monotonicityFix": "2" | absent, "bucket": 1 | absent, "fraction": 0.5 | absent,
//             "rule": "...", "result": "0.25"}
//   matching {"time": 60, "card": "one-to-one", "on": true, "labels": ["job"], "include": [],
//             "counts": {"matched": 1, "leftOnly": 0, ...}, "entries": [entry, ...],
//             "fix": "/ on (job)" | absent, "fixReason": "..." | absent}
//   entry    {"kind": "matched" | "leftOnly" | "rightOnly" | "manyLeft" | "manyRight" | "manyBoth",
//             "key": {...}, "leftCount": 1, "left": [element, ...], "rightCount": 1,
//             "right": [element, ...], "why": "..." | absent}
//   element  {"metric": {...}, "value": "1"}     a histogram's value is its count of observations
#include <string_view>

#include "api/json_writer.h"
#include "promql/explain.h"

namespace promenade::api {

// `query` is the text that was explained.
void write_explanation(JsonWriter& out, const promql::Explanation& explanation,
                       std::string_view query, bool with_timings);

}  // namespace promenade::api
