#pragma once  // engine/grading/script.h
// What a scenario's data are made of: series in the notation of promtool's tests, fed to a store.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "promql/engine.h"
#include "promql/parser/series_notation.h"
#include "tsdb/head.h"

namespace promenade::grading {

// Where the virtual time of a scenario starts: 2026-01-05, a Monday, 10:00 UTC.
inline constexpr Timestamp kScriptStart = Timestamp::from_seconds(1'767'607'200);

// Feeds series to a store, one value each `interval` from kScriptStart on.
class SeriesFeed {
 public:
  // `series` must outlive it.
  SeriesFeed(const std::vector<promql::SeriesLine>& series, Duration interval);
  // Appends what is due until `end`, that instant included. "stale" ends a series.
  void append_until(tsdb::Head& head, Timestamp end);
  // From the start to the last value.
  Duration length() const;

 private:
  const std::vector<promql::SeriesLine>& series_;
  Duration interval_;
  std::vector<size_t> cursors_;
};

// The instant result as rows "{labels} value", sorted; of an error its message. Values have nine
// digits, so that the order of a sum does not show.
struct ResultRow {
  std::string labels;
  std::string value;
};
Result<std::vector<ResultRow>> evaluate_rows(const Queryable& store, std::string_view query,
                                             Timestamp at);
std::string nine_digits(double value);
// The rows as one line: "{a="b"} 1, {a="c"} 2".
std::string join_rows(const std::vector<ResultRow>& rows);

}  // namespace promenade::grading
