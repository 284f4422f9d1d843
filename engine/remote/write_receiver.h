#pragma once  // engine/remote/write_receiver.h
// The receiving end of remote write 1.0: POST /api/v1/write as a function from request to response.
// https://prometheus.io/docs/specs/prw/remote_write_spec/
//
// The specification asks that the good samples of a request be stored whatever the others are, and
// so they are here; a Prometheus server drops the whole request for one refused sample. A
// request that is not to be understood, down to the last byte, leaves no sample behind.
#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "base/transport.h"
#include "tsdb/head.h"

namespace promenade::remote {

// Of a request's message, once decompressed. (A listener limits the body itself.)
inline constexpr uint64_t kMessageSizeMax = 32 * 1024 * 1024;

struct ReceiverStatistics {
  uint64_t floats_appended = 0;
  uint64_t histograms_appended = 0;
  uint64_t samples_refused = 0;         // For their time or their value.
  uint64_t samples_invalid_labels = 0;  // For the labels of their series.
};

class WriteReceiver {
 public:
  // Both must outlive the receiver. The clock tells which samples come from the future.
  WriteReceiver(tsdb::Head& head, const Clock& clock) : head_(head), clock_(clock) {}

  // 204 when every sample is stored; 400 with the first one that was refused and their number, or
  // with what is wrong with the body; 500 when the store can't write; 405, 413 and 415 for what
  // can't be a write request. A sender has no reason to send any of these again.
  HttpResponse handle(const HttpRequest& request);

  const ReceiverStatistics& statistics() const { return statistics_; }

 private:
  Result<void> receive(std::string_view message);

  tsdb::Head& head_;
  const Clock& clock_;
  ReceiverStatistics statistics_;
};

}  // namespace promenade::remote
