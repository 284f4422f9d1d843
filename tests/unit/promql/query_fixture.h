#pragma once  // tests/unit/promql/query_fixture.h
// Small stores and queries over them, with results as text: what the evaluator's tests share.
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/executor.h"
#include "model/histogram.h"
#include "model/number_format.h"
#include "promql/engine.h"
#include "promql/parser/parser.h"
#include "tsdb/head.h"

namespace promenade::promql::testing {

// A head filled from text: store.load(15, R"(up{job="a"})", "1 2 _ stale 4").
class Store {
 public:
  Store& load(int64_t step_seconds, const std::string& metric, const std::string& values) {
    tsdb::Appender appender = head_->appender();
    const SeriesRef series = appender.series(parse_metric(metric).value());
    std::istringstream words(values);
    std::string word;
    for (int64_t i = 0; words >> word; ++i) {
      if (word == "_") continue;
      const Timestamp at{i * step_seconds * 1000};
      if (word.front() == 'h') {
        appender.append(series, at, histogram(std::atof(word.c_str() + 1)));
      } else {
        appender.append(series, at, word == "stale" ? stale_nan() : parse_float(word).value());
      }
    }
    appender.commit();
    return *this;
  }
  const Queryable& queryable() const { return *head_; }

  // Written h5: five observations of 1, and a sum of five.
  static HistogramPtr histogram(double count) {
    auto result = std::make_shared<FloatHistogram>();
    result->count = count;
    result->sum = count;
    result->positive_spans = {{0, 1}};
    result->positive_buckets = {count};
    return result;
  }

 private:
  std::unique_ptr<tsdb::Head> head_ = std::make_unique<tsdb::Head>();
};

inline std::string number(double value) {
  std::string text;
  append_decimal(text, value);
  return text;
}

inline std::string number(const Point& point) {
  return point.histogram ? "h" + number(point.histogram->count) : number(point.value);
}

// "up{job=\"a\"} 1" a line, in result order; a scalar is its number, an error "error: ...".
inline std::string text_of(const Result<QueryResult>& result) {
  if (!result) return "error: " + result.error().message;
  if (const auto* scalar = std::get_if<Scalar>(&result->value)) return number(*scalar);
  if (const auto* string = std::get_if<std::string>(&result->value)) return *string;
  std::string text;
  if (const auto* vector = std::get_if<Vector>(&result->value)) {
    for (const VectorElement& element : *vector) {
      text += element.labels.to_string() + " " + number(element.point) + "\n";
    }
    return text;
  }
  for (const MatrixSeries& series : std::get<Matrix>(result->value)) {
    text += series.labels.to_string();
    for (const Point& point : series.points) {
      text += " " + number(point) + "@" + number(static_cast<double>(point.time_ms) / 1000);
    }
    text += "\n";
  }
  return text;
}

inline Result<QueryResult> instant(const Store& store, const std::string& query, int64_t seconds,
                                   const EngineOptions& options = {}) {
  const auto expr = parse(query);
  if (!expr) return tl::unexpected(expr.error());
  InlineExecutor executor;
  return evaluate_instant(**expr, Timestamp::from_seconds(seconds), store.queryable(), executor,
                          options);
}

inline Result<QueryResult> range(const Store& store, const std::string& query,
                                 int64_t start_seconds, int64_t end_seconds, int64_t step_seconds,
                                 const EngineOptions& options = {}) {
  const auto expr = parse(query);
  if (!expr) return tl::unexpected(expr.error());
  InlineExecutor executor;
  const QueryRange query_range{Timestamp::from_seconds(start_seconds),
                               Timestamp::from_seconds(end_seconds),
                               Duration::seconds(step_seconds)};
  return evaluate_range(**expr, query_range, store.queryable(), executor, options);
}

// Annotations as the API prints them, warnings first, one a line.
inline std::string remarks_of(const Result<QueryResult>& result, const std::string& query) {
  std::string text;
  if (!result) return text;
  for (const auto& entry : result->annotations.warnings()) {
    text += Annotations::render_warning(entry, query) + "\n";
  }
  for (const auto& entry : result->annotations.infos()) {
    text += Annotations::render_info(entry, query) + "\n";
  }
  return text;
}

}  // namespace promenade::promql::testing
