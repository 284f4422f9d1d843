// tests/bench/query_list.cc
// Lines to queries, and queries to requests.
#include "query_list.h"

#include <cstdio>
#include <cstdlib>

#include "base/strings.h"
#include "model/duration.h"

namespace promenade::bench {
namespace {

[[noreturn]] void refuse(const std::string& line) {
  std::fprintf(stderr, "not a query of the form `name | instant | query`: %s\n", line.c_str());
  std::exit(2);
}

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

ListedQuery::Range parse_range(const std::string& text, const std::string& line) {
  const size_t blank = text.find(' ');
  if (blank == std::string::npos) refuse(line);
  const auto length = parse_duration(text.substr(0, blank));
  const auto step = parse_duration(text.substr(blank + 1));
  if (!length || !step) refuse(line);
  return {*length, *step};
}

ListedQuery parse_line(const std::string& line) {
  const size_t first = line.find('|');
  const size_t second = line.find('|', first + 1);
  if (first == std::string::npos || second == std::string::npos) refuse(line);
  ListedQuery query;
  query.name = trimmed(line.substr(0, first));
  query.query = trimmed(line.substr(second + 1));
  const std::string kind = trimmed(line.substr(first + 1, second - first - 1));
  if (kind != "instant") query.range = parse_range(kind, line);
  return query;
}

std::string percent_encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    char buffer[4];
    std::snprintf(buffer, sizeof buffer, "%%%02X", static_cast<unsigned char>(c));
    encoded += buffer;
  }
  return encoded;
}

std::string seconds(int64_t ms) {
  return std::to_string(ms / 1000) + "." + std::to_string(1000 + ms % 1000).substr(1);
}

}  // namespace

std::vector<ListedQuery> read_queries(std::istream& lines) {
  std::vector<ListedQuery> queries;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.front() != '#') queries.push_back(parse_line(line));
  }
  return queries;
}

std::string request_url(const ListedQuery& query, Timestamp end) {
  const std::string text = percent_encoded(query.query);
  if (!query.range) return "/api/v1/query?query=" + text + "&time=" + seconds(end.ms);
  return "/api/v1/query_range?query=" + text +
         "&start=" + seconds(end.ms - query.range->length.ms) + "&end=" + seconds(end.ms) +
         "&step=" + seconds(query.range->step.ms);
}

}  // namespace promenade::bench
