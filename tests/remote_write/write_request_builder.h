#pragma once  // tests/remote_write/write_request_builder.h
// Bodies of POST /api/v1/write, remote write 1.0: protobuf, compressed with snappy. The sending
// side, for tests and benchmarks.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/histogram.h"
#include "model/labels.h"

namespace promenade {

struct TimedValue {
  int64_t time_ms;
  double value;
};
struct TimedHistogram {
  int64_t time_ms;
  FloatHistogram histogram;
  bool has_float_counts = false;  // Else the counts must be whole numbers, and are sent as such.
};

class WriteRequestBuilder {
 public:
  // Labels are sent as they are given, right or wrong.
  void add(const std::vector<Label>& labels, const std::vector<TimedValue>& samples,
           const std::vector<TimedHistogram>& histograms = {});
  // An exemplar goes to the series that was added last; metadata to a family.
  void add_exemplar(const Labels& labels, TimedValue value);
  void add_metadata(uint32_t type, std::string_view family, std::string_view help);

  uint64_t sample_count() const { return sample_count_; }
  // What was added since the beginning or the last take: the protobuf, or the body around it.
  std::string take_message();
  std::string take_body() { return compress(take_message()); }

  static std::string compress(std::string_view message);

 private:
  std::string message_;
  std::string last_series_;  // The message of the last series, not yet in message_.
  uint64_t sample_count_ = 0;

  void flush_series();
};

}  // namespace promenade
