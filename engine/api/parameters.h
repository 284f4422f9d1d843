#pragma once  // engine/api/parameters.h
// The parameters of a request, and how their texts become values
// (https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview). Errors are worded
// as Prometheus words them.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/transport.h"
#include "model/matcher.h"

namespace promenade::api {

// From a form in the body (POST) and from the URL's query, in this order.
class Parameters {
 public:
  explicit Parameters(const HttpRequest& request);

  // The first value, or "" when there is none. Valid as long as this object.
  std::string_view get(std::string_view name) const;
  std::vector<std::string_view> all(std::string_view name) const;

 private:
  void add_pairs(std::string_view form);

  std::vector<std::pair<std::string, std::string>> pairs_;
};

// Seconds since the epoch or RFC 3339.
Result<Timestamp> parse_time(std::string_view text);
// Seconds or a Prometheus duration.
Result<Duration> parse_duration_parameter(std::string_view text);
// Go's strconv.Atoi, with its error texts.
Result<int64_t> parse_integer(std::string_view text);

// invalid parameter "NAME": CAUSE. The span is kept.
Error invalid_parameter(std::string_view name, Error cause);

// A required time, an optional one, and the pair `start` and `end` that defaults to all time.
Result<Timestamp> time_parameter(const Parameters& parameters, std::string_view name);
Result<Timestamp> time_parameter_or(const Parameters& parameters, std::string_view name,
                                    Timestamp fallback);
Result<TimeRange> range_parameters(const Parameters& parameters);
// `limit`: 0 means none.
Result<uint64_t> limit_parameter(const Parameters& parameters);
// One list of matchers for each match[], in order. The error has no invalid_parameter around it.
using MatcherSets = std::vector<std::vector<Matcher>>;
Result<MatcherSets> match_parameters(const Parameters& parameters);

}  // namespace promenade::api
