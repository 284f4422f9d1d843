// One request is one batch. A series that is known costs no allocation: its labels are written into
// a buffer that is used again, and looked up by the hash of those bytes. Only new ones are checked
// for what names and values may be, since that is what makes them known.
#include "remote/write_receiver.h"

#include <snappy.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/strings.h"
#include "model/labels.h"
#include "remote/histogram_message.h"
#include "remote/write_request.h"

namespace promenade::remote {
namespace {

// How far ahead of the clock a sample may be.
constexpr Duration kFutureMax = Duration::minutes(10);

constexpr std::string_view kProtobufType = "application/x-protobuf";
constexpr std::string_view kProtoParameter = "proto=";
constexpr std::string_view kMessageName = "prometheus.WriteRequest";
constexpr std::string_view kSnappy = "snappy";
// The words of Go's decoder.
constexpr std::string_view kCorruptText = "snappy: corrupt input";

HttpResponse refusal(int status, std::string reason) {
  return text_response(status, std::move(reason) + '\n');
}

// Absent is version 1.0, too: that is what senders before the specification left out.
bool is_accepted_type(std::string_view content_type) {
  if (content_type.empty()) return true;
  const std::vector<std::string_view> parts = split(content_type, ';');
  if (!equal_ignoring_case(trim(parts.front()), kProtobufType)) return false;
  return std::all_of(parts.begin() + 1, parts.end(), [](std::string_view part) {
    part = trim(part);
    const bool is_proto = part.substr(0, kProtoParameter.size()) == kProtoParameter;
    return !is_proto || part.substr(kProtoParameter.size()) == kMessageName;
  });
}

bool is_accepted_encoding(std::string_view content_encoding) {
  return content_encoding.empty() || equal_ignoring_case(content_encoding, kSnappy);
}

std::optional<HttpResponse> check_headers(const HttpRequest& request) {
  if (request.method != "POST") {
    HttpResponse response = refusal(405, "Method Not Allowed");
    response.headers.set("Allow", "OPTIONS, POST");
    return response;
  }
  const std::string_view type = request.headers.get("Content-Type");
  if (!is_accepted_type(type)) {
    return refusal(415, "the content type " + quote(type) +
                            " is not accepted: send remote write 1.0 as "
                            "application/x-protobuf;proto=prometheus.WriteRequest");
  }
  const std::string_view encoding = request.headers.get("Content-Encoding");
  if (!is_accepted_encoding(encoding)) {
    return refusal(415,
                   "the content encoding " + quote(encoding) + " is not accepted: send snappy");
  }
  return std::nullopt;
}

std::string_view text(tsdb::AppendOutcome outcome) {
  switch (outcome) {
    case tsdb::AppendOutcome::Appended:
      break;
    case tsdb::AppendOutcome::OutOfOrder:
      return "out of order sample";
    case tsdb::AppendOutcome::DuplicateTimestamp:
      return "duplicate sample for timestamp";
  }
  return "";
}

// What is wrong with the labels of a new series; "" when nothing is.
std::string label_fault(const Labels& labels) {
  if (labels.metric_name().empty()) return "missing metric name (__name__ label)";
  for (const Label& label : labels) {
    if (label.name.empty()) return "a label without a name";
    if (!is_utf8(label.name) || !is_utf8(label.value)) return "a label that is not UTF-8";
  }
  return "";
}

// The labels of one series after another.
class LabelsReader {
 public:
  // Null when a name stands there twice: duplicate() tells which. Valid until the next call.
  const Labels* read(const std::vector<Label>& wire) {
    writer_.clear();
    for (const Label& label : wire) {
      if (!writer_.add(label.name, label.value)) return read_unsorted(wire);
    }
    return &writer_.labels();
  }
  std::string_view duplicate() const { return duplicate_; }

 private:
  // The specification wants labels sorted and not empty; Prometheus sorts them and drops empty
  // ones.
  const Labels* read_unsorted(std::vector<Label> wire) {
    std::erase_if(wire, [](const Label& label) { return label.value.empty(); });
    std::sort(wire.begin(), wire.end(),
              [](const Label& a, const Label& b) { return a.name < b.name; });
    const auto twice = std::adjacent_find(
        wire.begin(), wire.end(), [](const Label& a, const Label& b) { return a.name == b.name; });
    if (twice != wire.end()) {
      duplicate_ = twice->name;
      return nullptr;
    }
    sorted_ = Labels::from(std::move(wire));
    return &sorted_;
  }

  LabelsWriter writer_;
  Labels sorted_;
  std::string_view duplicate_;
};

// The series of one request on their way into the head. Nothing is stored without commit().
class Batch {
 public:
  Batch(tsdb::Head& head, Timestamp now)
      : head_(head),
        appender_(head.appender()),
        range_{std::max(head.min_valid_time(), kAllTime.start), now + kFutureMax} {}

  // Fails when a histogram is no message; what can't be stored is only noted.
  Result<void> append(const WireSeries& wire) {
    const size_t count = wire.samples.size() + wire.histograms.size();
    if (count == 0) return {};
    const Labels* labels = labels_.read(wire.labels);
    if (labels == nullptr) {
      refuse_series(count, "label name " + quote(labels_.duplicate()) + " is not unique", Labels());
      return {};
    }
    series_ = appender_.find(*labels);
    if (!series_) {
      const std::string fault = label_fault(*labels);
      if (!fault.empty()) {
        refuse_series(count, fault, *labels);
        return {};
      }
    }
    for (const WireSample& sample : wire.samples) {
      counts_.floats_appended += append_sample(*labels, sample.time_ms, sample.value);
    }
    for (const std::string_view message : wire.histograms) TRY(append_histogram(*labels, message));
    return {};
  }

  // Stores what was good. Fails with what was not.
  Result<void> commit(ReceiverStatistics& statistics) {
    if (!appender_.commit()) return fail(ErrorCode::Unavailable, head_.write_fault());
    statistics.floats_appended += counts_.floats_appended;
    statistics.histograms_appended += counts_.histograms_appended;
    statistics.samples_refused += counts_.samples_refused;
    statistics.samples_invalid_labels += counts_.samples_invalid_labels;
    const uint64_t refused = counts_.samples_refused + counts_.samples_invalid_labels;
    if (refused == 0) return {};
    return bad_data(first_refusal_ + " (samples refused: " + std::to_string(refused) +
                    "; all others of the request are stored)");
  }

 private:
  Result<void> append_histogram(const Labels& labels, std::string_view message) {
    Result<HistogramSample> sample = read_histogram(message);
    if (sample) {
      counts_.histograms_appended +=
          append_sample(labels, sample->time_ms, std::move(sample->histogram));
    } else if (sample.error().code == ErrorCode::BadData) {
      return tl::unexpected(std::move(sample).error());
    } else {
      refuse_sample(sample.error().message, labels);
    }
    return {};
  }

  // Whether it was. Only a sample that may be stored makes a new series.
  template <typename Value>
  bool append_sample(const Labels& labels, int64_t time_ms, Value value) {
    if (!range_.contains({time_ms})) return refuse_sample("out of bounds", labels);
    if (!series_) series_ = appender_.series(labels);
    const auto outcome = appender_.append(*series_, {time_ms}, std::move(value));
    return outcome == tsdb::AppendOutcome::Appended || refuse_sample(text(outcome), labels);
  }

  bool refuse_sample(std::string_view reason, const Labels& labels) {
    ++counts_.samples_refused;
    note(reason, labels);
    return false;
  }
  void refuse_series(size_t samples, std::string_view reason, const Labels& labels) {
    counts_.samples_invalid_labels += samples;
    note(reason, labels);
  }
  void note(std::string_view reason, const Labels& labels) {
    if (!first_refusal_.empty()) return;
    first_refusal_ = reason;
    if (!labels.empty()) first_refusal_ += ": " + labels.to_string();
  }

  const tsdb::Head& head_;
  tsdb::Appender appender_;
  const TimeRange range_;
  LabelsReader labels_;
  std::optional<SeriesRef> series_;  // Of the series at hand, once it is there.
  ReceiverStatistics counts_;
  std::string first_refusal_;
};

}  // namespace

HttpResponse WriteReceiver::handle(const HttpRequest& request) {
  if (auto refusal = check_headers(request)) return *std::move(refusal);
  size_t size = 0;
  const std::string& body = request.body;
  if (!snappy::GetUncompressedLength(body.data(), body.size(), &size)) {
    return refusal(400, std::string(kCorruptText));
  }
  if (size > kMessageSizeMax) {
    return refusal(413, "the request holds " + std::to_string(size) +
                            " bytes once decompressed: send at most " +
                            std::to_string(kMessageSizeMax));
  }
  const std::unique_ptr<char[]> message(new char[size]);
  if (!snappy::RawUncompress(body.data(), body.size(), message.get())) {
    return refusal(400, std::string(kCorruptText));
  }
  const Result<void> received = receive({message.get(), size});
  if (!received) {
    // What the store could not take is worth being sent again.
    const int status = received.error().code == ErrorCode::Unavailable ? 500 : 400;
    return refusal(status, received.error().message);
  }
  return HttpResponse{.status = 204};
}

Result<void> WriteReceiver::receive(std::string_view message) {
  Batch batch(head_, clock_.now());
  WriteRequestReader reader(message);
  WireSeries series;
  while (TRY(reader.next(series))) TRY(batch.append(series));
  return batch.commit(statistics_);
}

}  // namespace promenade::remote
