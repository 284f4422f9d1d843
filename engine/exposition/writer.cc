// engine/exposition/writer.cc
// Appends lines to a string; nothing is allocated besides its growth.
#include "exposition/writer.h"

#include <fmt/format.h>

#include <limits>

#include "base/check.h"
#include "model/number_format.h"

namespace promenade::exposition {
namespace {

std::string_view type_name(MetricType type) {
  switch (type) {
    case MetricType::Counter:
    case MetricType::Gauge:
    case MetricType::Histogram:
    case MetricType::Summary:
      return to_string(type);
    default:
      return "untyped";
  }
}

void append_escaped_help(std::string& out, std::string_view help) {
  for (const char c : help) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

void append_label(std::string& out, const Label& label) {
  out += label.name;
  out += "=\"";
  append_escaped_label_value(out, label.value);
  out += '"';
}

void append_labels(std::string& out, std::span<const Label> labels) {
  for (const Label& label : labels) {
    if (&label != labels.data()) out += ',';
    append_label(out, label);
  }
}

// name_bucket{labels,le=" - what the lines of all buckets begin with.
std::string bucket_start(std::string_view family, std::span<const Label> labels) {
  std::string start(family);
  start += "_bucket{";
  append_labels(start, labels);
  if (!labels.empty()) start += ',';
  start += "le=\"";
  return start;
}

}  // namespace

void append_escaped_label_value(std::string& out, std::string_view value) {
  size_t plain = 0;  // Where the bytes begin that go out as they are.
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c != '\\' && c != '"' && c != '\n') continue;
    out += value.substr(plain, i - plain);
    out += '\\';
    out += c == '\n' ? 'n' : c;
    plain = i + 1;
  }
  out += value.substr(plain);
}

void append_series(std::string& out, std::string_view name, std::span<const Label> labels) {
  out += name;
  if (labels.empty()) return;
  out += '{';
  append_labels(out, labels);
  out += '}';
}

std::string render_series(std::string_view name, std::span<const Label> labels) {
  std::string series;
  append_series(series, name, labels);
  return series;
}

void Writer::family(std::string_view name, MetricType type, std::string_view help) {
  family_ = name;
  if (!help.empty()) {
    out_ += "# HELP ";
    out_ += name;
    out_ += ' ';
    append_escaped_help(out_, help);
    out_ += '\n';
  }
  out_ += "# TYPE ";
  out_ += name;
  out_ += ' ';
  out_ += type_name(type);
  out_ += '\n';
}

void Writer::sample(std::span<const Label> labels, double value,
                    std::optional<int64_t> timestamp_ms) {
  append_series(out_, family_, labels);
  line_end(value, timestamp_ms);
}

void Writer::sample(std::initializer_list<Label> labels, double value,
                    std::optional<int64_t> timestamp_ms) {
  sample(std::span<const Label>(labels.begin(), labels.size()), value, timestamp_ms);
}

void Writer::histogram(std::span<const Label> labels, const HistogramState& state) {
  CHECK(state.counts.size() == state.upper_bounds.size() + 1);
  const std::string start = bucket_start(family_, labels);
  uint64_t count = 0;
  for (size_t i = 0; i < state.counts.size(); ++i) {
    const bool is_last = i == state.upper_bounds.size();
    out_ += start;
    append_go_float(out_,
                    is_last ? std::numeric_limits<double>::infinity() : state.upper_bounds[i]);
    out_ += "\"} ";
    count += state.counts[i];
    append_go_float(out_, static_cast<double>(count));
    out_ += '\n';
  }
  append_series(out_, std::string(family_) + "_sum", labels);
  line_end(state.sum, std::nullopt);
  append_series(out_, std::string(family_) + "_count", labels);
  line_end(static_cast<double>(count), std::nullopt);
}

void Writer::histogram(std::initializer_list<Label> labels, const HistogramState& state) {
  histogram(std::span<const Label>(labels.begin(), labels.size()), state);
}

void Writer::rendered(std::string_view series, double value) {
  out_ += series;
  line_end(value, std::nullopt);
}

void Writer::line_end(double value, std::optional<int64_t> timestamp_ms) {
  out_ += ' ';
  append_go_float(out_, value);
  if (timestamp_ms) {
    out_ += ' ';
    const fmt::format_int text(*timestamp_ms);
    out_.append(text.data(), text.size());
  }
  out_ += '\n';
}

void write_counter(Writer& writer, std::string_view name, std::string_view help, double value) {
  writer.family(name, MetricType::Counter, help);
  writer.sample(value);
}

void write_gauge(Writer& writer, std::string_view name, std::string_view help, double value) {
  writer.family(name, MetricType::Gauge, help);
  writer.sample(value);
}

}  // namespace promenade::exposition
