#pragma once  // tests/bench/query_list.h
// The queries of a benchmark, read from a file of lines `name | instant | query` and
// `name | LENGTH STEP | query`.
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace promenade::bench {

struct ListedQuery {
  std::string name;
  std::string query;
  // Of a range query; an instant one has none.
  struct Range {
    Duration length;
    Duration step;
  };
  std::optional<Range> range;
};

// Empty lines and those that begin with # are left out. Ends the program when a line is malformed.
std::vector<ListedQuery> read_queries(std::istream& lines);

// Path and query of the API; `end` is the instant, or the end of the range.
std::string request_url(const ListedQuery& query, Timestamp end);

}  // namespace promenade::bench
