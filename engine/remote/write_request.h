#pragma once  // engine/remote/write_request.h
// The message of remote write 1.0 (prometheus.WriteRequest, a protobuf), read where it lies: a
// series at a time, into memory that is used again for the next one.
// https://prometheus.io/docs/specs/prw/remote_write_spec/
#include <cstdint>
#include <protozero/pbf_reader.hpp>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/labels.h"

namespace promenade::remote {

struct WireSample {
  int64_t time_ms;
  double value;
};

// One series as it was sent: nothing is checked but the encoding. Views point into the message.
struct WireSeries {
  std::vector<Label> labels;
  std::vector<WireSample> samples;
  // Histogram messages, for read_histogram() in histogram_message.h.
  std::vector<std::string_view> histograms;
};

class WriteRequestReader {
 public:
  // The message must outlive the reader.
  explicit WriteRequestReader(std::string_view message)
      : message_(message.data(), message.size()) {}

  // Replaces `series` by the next one of the message; false when there is none. Metadata and
  // exemplars are passed over, as by a Prometheus that stores neither. Fails with BadData where the
  // bytes are not such a message; what came before was good.
  Result<bool> next(WireSeries& series);

 private:
  protozero::pbf_reader message_;
};

}  // namespace promenade::remote
