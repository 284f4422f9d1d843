// Functions of histograms: histogram_quantile() and histogram_fraction() of classic and native
// ones, the others of native ones only.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "base/strings.h"
#include "model/number_format.h"
#include "promql/evaluator/histogram_groups.h"
#include "promql/functions/calendar.h"
#include "promql/functions/native_histograms.h"
#include "promql/functions/quantile.h"
#include "promql/functions/vector_functions.h"

namespace promenade::promql {

namespace {

double count_of(const FloatHistogram& histogram) {
  return histogram.count;
}
double sum_of(const FloatHistogram& histogram) {
  return histogram.sum;
}
double average_of(const FloatHistogram& histogram) {
  return histogram.sum / histogram.count;
}
double deviation_of(const FloatHistogram& histogram) {
  return std::sqrt(native_variance(histogram));
}

template <double (*read)(const FloatHistogram&)>
Result<Value> each_histogram(VectorCall& call) {
  std::vector<Row>& rows = rows_of(call, 0);
  for (Row& row : rows) {
    for (size_t step = 0; step < row.values.size(); ++step) {
      const bool has_histogram = row.has_histograms() && row.histograms[step];
      row.values[step] = has_histogram ? read(*row.histograms[step]) : absent();
    }
    row.histograms.clear();
    // Unlike other functions these leave __type__ and __unit__.
    if (call.delayed_name_removal) {
      row.drop_name = true;
    } else {
      row.labels = row.labels.without_name();
    }
  }
  if (!call.delayed_name_removal) TRY(merge_equal_rows(rows));
  return Value(VectorValue{std::move(rows)});
}

// How often, and how far, buckets had to be made monotonic, over all steps and elements.
class MonotonicityNotes {
 public:
  void add(const std::string& metric, const MonotonicityFix& fix, int64_t time_ms) {
    auto [found, is_new] = notes_.try_emplace(metric, Note{fix, 0, time_ms, time_ms});
    Note& note = found->second;
    ++note.count;
    note.first_ms = std::min(note.first_ms, time_ms);
    note.last_ms = std::max(note.last_ms, time_ms);
    MonotonicityFix& all = note.fix;
    all.lowest_bound = std::min(all.lowest_bound, fix.lowest_bound);
    all.highest_bound = std::max(all.highest_bound, fix.highest_bound);
    all.largest_difference = std::max(all.largest_difference, fix.largest_difference);
  }

  void report(Annotations& annotations, SourceSpan span) const {
    for (const auto& [metric, note] : notes_) annotations.info(text(metric, note), span);
  }

 private:
  struct Note {
    MonotonicityFix fix;
    int count;
    int64_t first_ms;
    int64_t last_ms;
  };

  static std::string text(const std::string& metric, const Note& note) {
    std::string result =
        "input to histogram_quantile needed to be fixed for monotonicity (see "
        "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)";
    result += for_metric_name(metric);
    result += ", from buckets ";
    append_go_float(result, note.fix.lowest_bound);
    result += " to ";
    append_go_float(result, note.fix.highest_bound);
    result += fmt::format(", with a max diff of {:.2g}, over {} samples from {} to {}",
                          note.fix.largest_difference, note.count,
                          CalendarTime::of(note.first_ms / 1000).to_rfc3339(),
                          CalendarTime::of(note.last_ms / 1000).to_rfc3339());
    return result;
  }

  std::map<std::string, Note> notes_;
};

std::string_view remark_text(NanRemark remark) {
  switch (remark) {
    case NanRemark::ResultIsNan:
      return "input to histogram_quantile has NaN observations, result is NaN";
    case NanRemark::SkewedHigher:
      return "input to histogram_quantile has NaN observations, result is skewed higher";
    case NanRemark::Excluded:
      return "input to histogram_fraction has NaN observations, which are excluded from all "
             "fractions";
    case NanRemark::None:
      break;
  }
  return "";
}

// Reads a number out of every histogram in a vector, at every step.
class HistogramReader {
 public:
  HistogramReader(VectorCall& call, size_t vector_arg)
      : call_(call),
        span_(span_of(call, vector_arg)),
        groups_(rows_of(call, vector_arg), span_, call.delayed_name_removal, *call.annotations) {}

  // Appends a row for each histogram to `out`: read_native(histogram, step) is a HistogramReading,
  // read_classic(buckets, step, metric name) a double. Classic buckets are sorted and merged.
  template <typename ReadNative, typename ReadClassic>
  void read(ReadNative read_native, ReadClassic read_classic, std::vector<Row>& out) {
    for (const auto& group : groups_.native()) {
      Row& row = add_row(group.row->labels, group.row->drop_name, out);
      for (size_t step = 0; step < row.values.size(); ++step) {
        const FloatHistogram* histogram = group.at(step);
        if (!histogram) continue;
        const HistogramReading reading = read_native(*histogram, step);
        row.values[step] = reading.value;
        if (reading.remark != NanRemark::None) remark(reading.remark, row.labels);
      }
    }
    for (const auto& group : groups_.classic()) {
      Row& row = add_row(group.labels, group.drop_name, out);
      const std::string metric(name_of(group.labels));
      for (size_t step = 0; step < row.values.size(); ++step) {
        group.buckets_at(step, buckets_);
        if (buckets_.empty()) continue;
        merge_equal_bounds(buckets_);
        row.values[step] = read_classic(buckets_, step, metric);
      }
    }
  }

  SourceSpan span() const { return span_; }

 private:
  Row& add_row(const Labels& labels, bool drop_name, std::vector<Row>& out) {
    Row& row = out.emplace_back();
    row.labels = labels;
    row.drop_name = drop_name;
    row.values.assign(call_.grid.count, absent());
    return row;
  }
  // Only delayed removal leaves a name to speak of.
  std::string_view name_of(const Labels& labels) const {
    return call_.delayed_name_removal ? labels.metric_name() : std::string_view();
  }
  void remark(NanRemark remark, const Labels& labels) {
    call_.annotations->info(std::string(remark_text(remark)) + for_metric_name(name_of(labels)),
                            span_);
  }

  VectorCall& call_;
  SourceSpan span_;
  HistogramGroups groups_;
  ClassicBuckets buckets_;
};

// Appends the quantiles `q` (one a step) of all histograms.
void read_quantiles(VectorCall& call, HistogramReader& reader, const std::vector<double>& q,
                    MonotonicityNotes& notes, std::vector<Row>& out) {
  const auto native = [&](const FloatHistogram& histogram, size_t step) {
    return native_quantile(q[step], histogram);
  };
  const auto classic = [&](ClassicBuckets& buckets, size_t step, const std::string& metric) {
    if (is_invalid_quantile(q[step])) return value_of_invalid_quantile(q[step]);
    const bool is_complete = std::isinf(buckets.back().upper_bound);
    const MonotonicityFix fix = is_complete ? make_monotonic(buckets) : MonotonicityFix();
    if (fix.was_needed) notes.add(metric, fix, call.grid.time_ms(step));
    return classic_quantile(q[step], buckets);
  };
  reader.read(native, classic, out);
}

void warn_of_invalid_quantiles(const VectorCall& call, size_t arg) {
  for (const double q : scalars_of(call, arg)) {
    if (is_invalid_quantile(q)) call.annotations->warn(invalid_quantile(q), span_of(call, arg));
  }
}

Result<Value> histogram_quantile(VectorCall& call) {
  warn_of_invalid_quantiles(call, 0);
  HistogramReader reader(call, 1);
  MonotonicityNotes notes;
  std::vector<Row> result;
  read_quantiles(call, reader, scalars_of(call, 0), notes, result);
  notes.report(*call.annotations, reader.span());
  return without_names(call, std::move(result));
}

// The label that tells quantiles apart may differ from step to step, as they may. Spreads a row
// over one row for each of them.
void label_quantiles(const Row& row, const std::string& label, const std::vector<double>& q,
                     std::vector<Row>& out) {
  std::map<std::string, size_t> row_of_text;
  for (size_t step = 0; step < q.size(); ++step) {
    if (is_absent(row.values[step])) continue;
    std::string text;
    append_openmetrics_float(text, q[step]);
    const auto [found, is_new] = row_of_text.emplace(std::move(text), out.size());
    if (is_new) {
      Row& labelled = out.emplace_back();
      labelled.labels = LabelsBuilder(row.labels).set(label, found->first).build();
      labelled.drop_name = row.drop_name;
      labelled.values.assign(q.size(), absent());
    }
    out[found->second].values[step] = row.values[step];
  }
}

Result<Value> histogram_quantiles(VectorCall& call) {
  HistogramReader reader(call, 0);
  MonotonicityNotes notes;
  std::vector<Row> result;
  for (size_t arg = 2; arg < call.args.size(); ++arg) {
    warn_of_invalid_quantiles(call, arg);
    const std::vector<double>& q = scalars_of(call, arg);
    std::vector<Row> rows;
    read_quantiles(call, reader, q, notes, rows);
    for (Row& row : rows) {
      if (!call.delayed_name_removal) row.labels = without_metric_name(row.labels);
      label_quantiles(row, text_of(call, 1), q, result);
    }
  }
  notes.report(*call.annotations, reader.span());
  return without_names(call, std::move(result));
}

Result<Value> histogram_fraction(VectorCall& call) {
  const std::vector<double>& lower = scalars_of(call, 0);
  const std::vector<double>& upper = scalars_of(call, 1);
  HistogramReader reader(call, 2);
  std::vector<Row> result;
  reader.read([&](const FloatHistogram& histogram,
                  size_t step) { return native_fraction(lower[step], upper[step], histogram); },
              [&](const ClassicBuckets& buckets, size_t step, const std::string&) {
                return classic_fraction(lower[step], upper[step], buckets);
              },
              result);
  return without_names(call, std::move(result));
}

constexpr NamedFunction kFunctions[] = {
    {"histogram_avg", each_histogram<average_of>},
    {"histogram_count", each_histogram<count_of>},
    {"histogram_fraction", histogram_fraction},
    {"histogram_quantile", histogram_quantile},
    {"histogram_quantiles", histogram_quantiles},
    {"histogram_stddev", each_histogram<deviation_of>},
    {"histogram_stdvar", each_histogram<native_variance>},
    {"histogram_sum", each_histogram<sum_of>},
};

}  // namespace

std::span<const NamedFunction> histogram_functions() {
  return kFunctions;
}

}  // namespace promenade::promql
