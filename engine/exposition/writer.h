#pragma once  // engine/exposition/writer.h
// Writes Prometheus's text format 0.0.4 into a string: what the simulated services and the server's
// own /metrics answer. Families and samples come out in the order of the calls.
//
//   Writer writer(body);
//   writer.family("http_requests_total", MetricType::Counter, "Requests answered.");
//   writer.sample({{"method", "GET"}}, 42);
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/labels.h"
#include "model/metadata.h"

namespace promenade::exposition {

inline constexpr std::string_view kTextContentType = "text/plain; version=0.0.4; charset=utf-8";

// One classic histogram. `counts` has one entry a bound and a last one for +Inf, each the number of
// observations in that bucket alone; the writer accumulates.
struct HistogramState {
  std::span<const double> upper_bounds;  // Ascending, without +Inf.
  std::span<const uint64_t> counts;
  double sum = 0;
};

class Writer {
 public:
  // Appends to `out`, which must outlive the writer.
  explicit Writer(std::string& out) : out_(out) {}

  // Starts a family with its HELP (unless empty) and TYPE lines; the samples that follow are its
  // own. `name` must outlive them. The text format knows counter, gauge, histogram, summary; the
  // others are written as untyped.
  void family(std::string_view name, MetricType type, std::string_view help);

  // A sample of the family. Labels are written in the order given; names must be legacy-valid.
  void sample(std::span<const Label> labels, double value,
              std::optional<int64_t> timestamp_ms = std::nullopt);
  void sample(std::initializer_list<Label> labels, double value,
              std::optional<int64_t> timestamp_ms = std::nullopt);
  void sample(double value) { sample(std::span<const Label>(), value); }

  // All lines of a histogram: _bucket with `le` as the last label, _sum, _count.
  void histogram(std::span<const Label> labels, const HistogramState& state);
  void histogram(std::initializer_list<Label> labels, const HistogramState& state);

  // The fast way for a series that is written often: its text comes from render_series().
  void rendered(std::string_view series, double value);

 private:
  void line_end(double value, std::optional<int64_t> timestamp_ms);

  std::string& out_;
  std::string_view family_;
};

// A one-sample family in one call.
void write_counter(Writer& writer, std::string_view name, std::string_view help, double value);
void write_gauge(Writer& writer, std::string_view name, std::string_view help, double value);

// name{label="value",...} as it stands in front of the value; without labels, the name alone.
void append_series(std::string& out, std::string_view name, std::span<const Label> labels);
std::string render_series(std::string_view name, std::span<const Label> labels);
// The three escapes of label values: backslash, double quote, line feed.
void append_escaped_label_value(std::string& out, std::string_view value);

}  // namespace promenade::exposition
