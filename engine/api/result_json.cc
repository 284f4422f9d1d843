// The hot path of every response: one pass over the points, each appended where it belongs.
#include "api/result_json.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "model/histogram.h"
#include "model/number_format.h"

namespace promenade::api {
namespace {

using promql::Matrix;
using promql::MatrixSeries;
using promql::Point;
using promql::Vector;

// Which ends of a bucket belong to it, as the API counts the four cases.
int boundary_rule(const Bucket& bucket) {
  if (bucket.lower_inclusive) return bucket.upper_inclusive ? 3 : 1;
  return bucket.upper_inclusive ? 0 : 2;
}

void write_buckets(JsonWriter& out, const std::vector<Bucket>& buckets) {
  bool has_any = false;
  for (const Bucket& bucket : buckets) {
    if (bucket.count == 0) continue;
    if (!has_any) {
      out.key("buckets");
      out.begin_array();
      has_any = true;
    }
    out.begin_array();
    out.integer(boundary_rule(bucket));
    out.sample_value(bucket.lower);
    out.sample_value(bucket.upper);
    out.sample_value(bucket.count);
    out.end_array();
  }
  if (has_any) out.end_array();
}

void write_histogram(JsonWriter& out, const FloatHistogram& histogram) {
  out.begin_object();
  out.key("count");
  out.sample_value(histogram.count);
  out.key("sum");
  out.sample_value(histogram.sum);
  write_buckets(out, histogram.buckets());
  out.end_object();
}

// [time, "value"]
char* write_sample(char* out, const Point& point) {
  *out++ = '[';
  out = write_json_timestamp(out, point.time_ms);
  *out++ = ',';
  *out++ = '"';
  out = write_json_value(out, point.value);
  *out++ = '"';
  *out++ = ']';
  return out;
}
constexpr size_t kSampleSizeMax = kJsonTimestampSizeMax + kJsonValueSizeMax + 5;

// [time, "value"] or [time, {histogram}]
void write_point(JsonWriter& out, const Point& point) {
  if (!point.histogram) {
    std::array<char, kSampleSizeMax> text;
    const char* end = write_sample(text.data(), point);
    return out.elements({text.data(), static_cast<size_t>(end - text.data())});
  }
  out.begin_array();
  out.sample_time(point.time_ms);
  write_histogram(out, *point.histogram);
  out.end_array();
}

// Samples are collected in a block before they are appended: as little as an append does, there
// is one for each of them in the largest responses.
void write_samples(JsonWriter& out, const std::vector<Point>& points) {
  std::array<char, 4096> block;
  char* const full = block.data() + block.size() - kSampleSizeMax - 1;
  char* at = block.data();
  for (const Point& point : points) {
    if (point.histogram) continue;
    if (at != block.data()) *at++ = ',';
    at = write_sample(at, point);
    if (at <= full) continue;
    out.elements({block.data(), static_cast<size_t>(at - block.data())});
    at = block.data();
  }
  if (at != block.data()) out.elements({block.data(), static_cast<size_t>(at - block.data())});
}

void write_histograms(JsonWriter& out, const std::vector<Point>& points) {
  for (const Point& point : points) {
    if (point.histogram) write_point(out, point);
  }
}

// Floats first, then histograms; what a series has none of isn't there.
void write_points(JsonWriter& out, const std::vector<Point>& points) {
  const auto histogram_count = static_cast<size_t>(std::count_if(
      points.begin(), points.end(), [](const Point& point) { return point.histogram != nullptr; }));
  const auto write_array = [&](std::string_view name, auto write) {
    out.key(name);
    out.begin_array();
    write(out, points);
    out.end_array();
  };
  if (histogram_count < points.size()) write_array("values", write_samples);
  if (histogram_count > 0) write_array("histograms", write_histograms);
}

size_t count_within(size_t count, uint64_t limit) {
  return limit == 0 ? count : static_cast<size_t>(std::min<uint64_t>(count, limit));
}

void write_element(JsonWriter& out, const promql::VectorElement& element) {
  out.begin_object();
  out.key("metric");
  out.labels(element.labels);
  out.key(element.point.histogram ? "histogram" : "value");
  write_point(out, element.point);
  out.end_object();
}

void write_series(JsonWriter& out, const MatrixSeries& series) {
  out.begin_object();
  out.key("metric");
  out.labels(series.labels);
  write_points(out, series.points);
  out.end_object();
}

// Calls write(writer, begin, end) for the elements of a result in parts of some thousand points
// each, which may be at work at the same time: writing is half of the work that a raw selector
// makes.
template <typename PointCount, typename Write>
void write_parts(JsonWriter& out, size_t count, Executor& executor, const PointCount& point_count,
                 const Write& write) {
  constexpr size_t kPartPoints = 16'384;
  std::vector<size_t> ends;
  size_t points = 0;
  for (size_t i = 0; i < count; ++i) {
    points += point_count(i);
    if (points < kPartPoints && i + 1 < count) continue;
    ends.push_back(i + 1);
    points = 0;
  }
  if (ends.size() < 2 || executor.concurrency() == 1) return write(out, 0, count);
  std::vector<std::string> parts(ends.size());
  executor.parallel_for(parts.size(), [&](size_t part) {
    JsonWriter writer(parts[part]);
    write(writer, part == 0 ? 0 : ends[part - 1], ends[part]);
  });
  for (const std::string& part : parts) out.elements(part);
}

void write_matrix(JsonWriter& out, const Matrix& matrix, size_t count, Executor& executor) {
  write_parts(
      out, count, executor, [&](size_t i) { return matrix[i].points.size(); },
      [&](JsonWriter& writer, size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) write_series(writer, matrix[i]);
      });
}

void write_vector(JsonWriter& out, const Vector& vector, size_t count, Executor& executor) {
  constexpr size_t kLabelsWeight = 10;  // The labels take as long to write as so many points.
  write_parts(
      out, count, executor, [](size_t) { return kLabelsWeight; },
      [&](JsonWriter& writer, size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) write_element(writer, vector[i]);
      });
}

// Prometheus writes the values of scalars without an exponent, and their times without trailing
// zeros.
void write_scalar(JsonWriter& out, double value, Timestamp time) {
  std::string text;
  append_decimal(text, value);
  out.number(time.in_seconds());
  out.string(text);
}

}  // namespace

bool write_result(JsonWriter& out, const promql::QueryResult& result, uint64_t limit,
                  Executor& executor) {
  size_t total = 0;
  size_t count = 0;
  const auto begin = [&out](std::string_view type) {
    out.field("resultType", type);
    out.key("result");
    out.begin_array();
  };
  if (const auto* matrix = std::get_if<Matrix>(&result.value)) {
    begin("matrix");
    total = matrix->size();
    count = count_within(total, limit);
    write_matrix(out, *matrix, count, executor);
  } else if (const auto* vector = std::get_if<Vector>(&result.value)) {
    begin("vector");
    total = vector->size();
    count = count_within(total, limit);
    write_vector(out, *vector, count, executor);
  } else if (const auto* text = std::get_if<std::string>(&result.value)) {
    begin("string");
    out.number(result.time.in_seconds());
    out.string(*text);
  } else {
    begin("scalar");
    write_scalar(out, std::get<promql::Scalar>(result.value), result.time);
  }
  out.end_array();
  return count < total;
}

void write_statistics(JsonWriter& out, const promql::QueryStatistics& statistics,
                      const QueryTimes& times) {
  const int64_t queue_ns = times.queue_ns.value_or(0);
  const int64_t preparation_ns = times.preparation_ns.value_or(0);
  const int64_t evaluation_ns = times.evaluation_ns.value_or(0);
  const int64_t sort_ns = times.sort_ns.value_or(0);
  const int64_t total_ns = preparation_ns + evaluation_ns + sort_ns;
  out.begin_object();
  out.key("timings");
  out.begin_object();
  const std::pair<std::string_view, int64_t> timings[] = {{"evalTotalTime", total_ns},
                                                          {"resultSortTime", sort_ns},
                                                          {"queryPreparationTime", preparation_ns},
                                                          {"innerEvalTime", evaluation_ns},
                                                          {"execQueueTime", queue_ns},
                                                          {"execTotalTime", queue_ns + total_ns}};
  for (const auto& [name, ns] : timings) {
    out.key(name);
    out.number(static_cast<double>(ns) / 1e9);
  }
  out.end_object();
  out.key("samples");
  out.begin_object();
  const std::pair<std::string_view, uint64_t> samples[] = {
      {"totalQueryableSamples", statistics.samples_read},
      {"samplesRead", statistics.samples_read},
      {"peakSamples", statistics.samples_peak}};
  for (const auto& [name, value] : samples) {
    out.key(name);
    out.unsigned_integer(value);
  }
  out.end_object();
  out.end_object();
}

}  // namespace promenade::api
