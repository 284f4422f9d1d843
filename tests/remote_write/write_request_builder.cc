// Field numbers are those of prompb/remote.proto and prompb/types.proto.
#include "remote_write/write_request_builder.h"

#include <snappy.h>

#include <protozero/pbf_writer.hpp>
#include <utility>

namespace promenade {
namespace {

using protozero::pbf_writer;

protozero::data_view view(std::string_view text) {
  return {text.data(), text.size()};
}

void write_label(pbf_writer& series, const Label& label) {
  pbf_writer message(series, 1);
  message.add_string(1, view(label.name));
  message.add_string(2, view(label.value));
}

void write_sample(pbf_writer& series, const TimedValue& sample) {
  pbf_writer message(series, 2);
  message.add_double(1, sample.value);
  message.add_int64(2, sample.time_ms);
}

std::vector<int64_t> deltas(const std::vector<double>& counts) {
  std::vector<int64_t> result;
  int64_t previous = 0;
  for (const double count : counts) {
    result.push_back(static_cast<int64_t>(count) - previous);
    previous = static_cast<int64_t>(count);
  }
  return result;
}

// The spans stand in the field `first`, the deltas behind them, then the float counts.
void write_buckets(pbf_writer& message, uint32_t first, const std::vector<BucketSpan>& spans,
                   const std::vector<double>& counts, bool has_float_counts) {
  for (const BucketSpan& span : spans) {
    pbf_writer inner(message, first);
    inner.add_sint32(1, span.offset);
    inner.add_uint32(2, span.length);
  }
  if (has_float_counts) {
    message.add_packed_double(first + 2, counts.begin(), counts.end());
  } else {
    const std::vector<int64_t> packed = deltas(counts);
    message.add_packed_sint64(first + 1, packed.begin(), packed.end());
  }
}

void write_histogram(pbf_writer& series, const TimedHistogram& sample) {
  const FloatHistogram& histogram = sample.histogram;
  pbf_writer message(series, 4);
  if (sample.has_float_counts) {
    message.add_double(2, histogram.count);
  } else {
    message.add_uint64(1, static_cast<uint64_t>(histogram.count));
  }
  message.add_double(3, histogram.sum);
  message.add_sint32(4, histogram.schema);
  message.add_double(5, histogram.zero_threshold);
  if (sample.has_float_counts) {
    message.add_double(7, histogram.zero_count);
  } else {
    message.add_uint64(6, static_cast<uint64_t>(histogram.zero_count));
  }
  write_buckets(message, 8, histogram.negative_spans, histogram.negative_buckets,
                sample.has_float_counts);
  write_buckets(message, 11, histogram.positive_spans, histogram.positive_buckets,
                sample.has_float_counts);
  message.add_enum(14, static_cast<int32_t>(histogram.counter_reset_hint));
  message.add_int64(15, sample.time_ms);
  message.add_packed_double(16, histogram.custom_values.begin(), histogram.custom_values.end());
}

}  // namespace

void WriteRequestBuilder::add(const std::vector<Label>& labels,
                              const std::vector<TimedValue>& samples,
                              const std::vector<TimedHistogram>& histograms) {
  flush_series();
  pbf_writer series(last_series_);
  for (const Label& label : labels) write_label(series, label);
  for (const TimedValue& sample : samples) write_sample(series, sample);
  for (const TimedHistogram& sample : histograms) write_histogram(series, sample);
  sample_count_ += samples.size() + histograms.size();
}

void WriteRequestBuilder::add_exemplar(const Labels& labels, TimedValue value) {
  pbf_writer series(last_series_);
  pbf_writer exemplar(series, 3);
  for (const Label& label : labels) write_label(exemplar, label);
  exemplar.add_double(2, value.value);
  exemplar.add_int64(3, value.time_ms);
}

void WriteRequestBuilder::add_metadata(uint32_t type, std::string_view family,
                                       std::string_view help) {
  flush_series();
  pbf_writer request(message_);
  pbf_writer metadata(request, 3);
  metadata.add_enum(1, static_cast<int32_t>(type));
  metadata.add_string(2, view(family));
  metadata.add_string(4, view(help));
}

std::string WriteRequestBuilder::take_message() {
  flush_series();
  sample_count_ = 0;
  return std::exchange(message_, {});
}

std::string WriteRequestBuilder::compress(std::string_view message) {
  std::string body;
  snappy::Compress(message.data(), message.size(), &body);
  return body;
}

void WriteRequestBuilder::flush_series() {
  if (last_series_.empty()) return;
  pbf_writer(message_).add_message(1, last_series_);
  last_series_.clear();
}

}  // namespace promenade
