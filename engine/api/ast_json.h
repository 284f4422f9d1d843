#pragma once  // engine/api/ast_json.h
// The syntax tree as /api/v1/parse_query shows it: the tree view of Prometheus's own UI reads it.
#include "api/json_writer.h"
#include "promql/ast.h"

namespace promenade::api {

// Keys of every object in alphabetical order; durations and times in milliseconds.
void write_ast(JsonWriter& out, const promql::Expr& expr);

// "one-to-one", "many-to-one" ...
std::string_view cardinality_name(promql::Cardinality card);

// Whether the expression selects any series.
bool has_selector(const promql::Expr& expr);

}  // namespace promenade::api
