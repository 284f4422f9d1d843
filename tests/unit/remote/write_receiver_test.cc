// tests/unit/remote/write_receiver_test.cc
// Requests to a receiver before a head: what is stored, what is answered.
#include "remote/write_receiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/histogram.h"
#include "remote_write/write_request_builder.h"
#include "sim/virtual_clock.h"

namespace promenade::remote {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr Timestamp kNow = Timestamp::from_seconds(1'700'000'000);
const std::vector<Label> kUp{{"__name__", "up"}, {"job", "x"}};

struct WriteReceiverTest : testing::Test {
  sim::VirtualClock clock{kNow};
  tsdb::Head head;
  WriteReceiver receiver{head, clock};
  WriteRequestBuilder builder;

  static HttpRequest request(std::string body) {
    HttpRequest made{.method = "POST", .url = "/api/v1/write", .body = std::move(body)};
    made.headers.set("Content-Type", "application/x-protobuf");
    made.headers.set("Content-Encoding", "snappy");
    made.headers.set("X-Prometheus-Remote-Write-Version", "0.1.0");
    return made;
  }
  // Status and body of the answer to what was added to the builder.
  std::string send() {
    const HttpResponse response = receiver.handle(request(builder.take_body()));
    return std::to_string(response.status) + ' ' + response.body;
  }
  std::string send(const std::vector<Label>& labels, const std::vector<TimedValue>& samples) {
    builder.add(labels, samples);
    return send();
  }
  static int64_t at(int64_t seconds) { return kNow.ms + seconds * 1000; }

  // `up{job="x"} 0=1 15=2` a line for each series, seconds from now.
  std::string stored() const {
    std::string text;
    const auto selected = head.select({}, kAllTime);
    for (const SelectedSeries& series : *selected) {
      SampleColumns out;
      EXPECT_TRUE(head.read(series.ref, kAllTime, out));
      text += series.labels->to_string();
      for (size_t i = 0; i < out.times_ms.size(); ++i) {
        text += ' ' + std::to_string((out.times_ms[i] - kNow.ms) / 1000) + '=';
        text +=
            is_stale_nan(out.values[i]) ? "stale" : std::to_string(static_cast<int>(out.values[i]));
      }
      for (const HistogramSample& sample : out.histograms) {
        text += ' ' + std::to_string((sample.time_ms - kNow.ms) / 1000) + '=' +
                sample.histogram->to_string();
      }
      text += '\n';
    }
    return text;
  }
};

TEST_F(WriteReceiverTest, StoresFloatsHistogramsAndStaleMarkers) {
  FloatHistogram histogram;
  histogram.count = 1;
  histogram.sum = 0.75;
  histogram.positive_spans = {{0, 1}};
  histogram.positive_buckets = {1};
  builder.add(kUp, {{at(0), 1}, {at(15), 2}, {at(30), stale_nan()}});
  builder.add({{"__name__", "h"}}, {}, {{at(0), histogram}, {at(15), histogram, true}});
  builder.add_exemplar({{"trace_id", "1"}}, {at(0), 1});
  builder.add_metadata(1, "up", "Help.");
  EXPECT_EQ(send(), "204 ");
  EXPECT_EQ(stored(),
            "up{job=\"x\"} 0=1 15=2 30=stale\n"
            "h 0={count:1, sum:0.75, (0.5,1]:1} 15={count:1, sum:0.75, (0.5,1]:1}\n");
  EXPECT_EQ(receiver.statistics().floats_appended, 3u);
  EXPECT_EQ(receiver.statistics().histograms_appended, 2u);
}

TEST_F(WriteReceiverTest, AnEmptyRequestIsFine) {
  EXPECT_EQ(send(), "204 ");
  EXPECT_EQ(send(kUp, {}), "204 ");
  EXPECT_EQ(head.series_count(), 0u);
}

TEST_F(WriteReceiverTest, KnownSeriesAreFound) {
  EXPECT_EQ(send(kUp, {{at(0), 1}}), "204 ");
  EXPECT_EQ(send(kUp, {{at(15), 2}}), "204 ");
  EXPECT_EQ(stored(), "up{job=\"x\"} 0=1 15=2\n");
}

TEST_F(WriteReceiverTest, UnsortedAndEmptyLabelsAreTheSameSeries) {
  EXPECT_EQ(send(kUp, {{at(0), 1}}), "204 ");
  EXPECT_EQ(send({{"job", "x"}, {"__name__", "up"}}, {{at(15), 2}}), "204 ");
  EXPECT_EQ(send({{"__name__", "up"}, {"a", ""}, {"job", "x"}, {"job", ""}}, {{at(30), 3}}),
            "204 ");
  EXPECT_EQ(stored(), "up{job=\"x\"} 0=1 15=2 30=3\n");
}

TEST_F(WriteReceiverTest, LongLabelsAreKept) {
  const std::string value(70'000, 'v');
  EXPECT_EQ(send({{"__name__", "up"}, {"long", value}}, {{at(0), 1}}), "204 ");
  EXPECT_EQ(stored(), "up{long=\"" + value + "\"} 0=1\n");
}

struct LabelsCase {
  std::vector<Label> labels;
  const char* error;
};

TEST_F(WriteReceiverTest, SeriesWithInvalidLabelsAreRefused) {
  const LabelsCase cases[] = {
      {{}, "missing metric name (__name__ label)"},
      {{{"job", "x"}}, "missing metric name (__name__ label): {job=\"x\"}"},
      {{{"__name__", ""}, {"job", "x"}}, "missing metric name (__name__ label): {job=\"x\"}"},
      {{{"__name__", "up"}, {"job", "x"}, {"job", "y"}}, "label name \"job\" is not unique"},
      {{{"job", "x"}, {"__name__", "up"}, {"job", "x"}}, "label name \"job\" is not unique"},
      {{{"__name__", "up"}, {"", "x"}}, "a label without a name: up{\"\"=\"x\"}"},
      {{{"__name__", "up"}, {"job", "\xff"}}, "a label that is not UTF-8: up{job=\"\\xff\"}"},
      {{{"__name__", "up"}, {"j\xff", "x"}}, "a label that is not UTF-8: up{\"j\\xff\"=\"x\"}"},
  };
  uint64_t refused = 0;
  for (const auto& [labels, error] : cases) {
    EXPECT_EQ(send(labels, {{at(0), 1}, {at(15), 1}}),
              "400 " + std::string(error) +
                  " (samples refused: 2; all others of the request are stored)\n");
    EXPECT_EQ(receiver.statistics().samples_invalid_labels, refused += 2);
  }
  EXPECT_EQ(head.series_count(), 0u);
}

TEST_F(WriteReceiverTest, TheGoodSamplesOfARequestAreKept) {
  ASSERT_EQ(send(kUp, {{at(0), 1}}), "204 ");
  builder.add({{"job", "nameless"}}, {{at(15), 1}});
  builder.add(kUp, {{at(-15), 1}, {at(15), 2}});
  builder.add({{"__name__", "good"}}, {{at(15), 3}});
  EXPECT_EQ(send(),
            "400 missing metric name (__name__ label): {job=\"nameless\"} "
            "(samples refused: 2; all others of the request are stored)\n");
  EXPECT_EQ(stored(), "up{job=\"x\"} 0=1 15=2\ngood 15=3\n");
}

struct OrderCase {
  TimedValue sample;
  const char* error;  // "" when it is taken.
};

TEST_F(WriteReceiverTest, OrderAndBounds) {
  ASSERT_EQ(send(kUp, {{at(0), 1}, {at(15), 2}}), "204 ");
  const OrderCase cases[] = {
      {{at(15), 2}, ""},  // The same again.
      {{at(15), 3}, "duplicate sample for timestamp"},
      {{at(0), 1}, "out of order sample"},
      {{at(15 - 3600), 1}, "out of order sample"},
      {{at(15 - 3601), 1}, "out of bounds"},
      {{INT64_MIN, 1}, "out of bounds"},
      {{INT64_MAX, 1}, "out of bounds"},
      {{at(601), 1}, "out of bounds"},
      {{at(600), 1}, ""},
  };
  for (const auto& [sample, error] : cases) {
    const std::string answer = send(kUp, {sample});
    if (*error == '\0') {
      EXPECT_EQ(answer, "204 ") << sample.time_ms;
    } else {
      EXPECT_THAT(answer, StartsWith(std::string("400 ") + error + ": up{job=\"x\"} ("));
    }
  }
  EXPECT_EQ(stored(), "up{job=\"x\"} 0=1 15=2 600=1\n");
  EXPECT_EQ(receiver.statistics().samples_refused, 7u);
}

TEST_F(WriteReceiverTest, TheFirstSampleOfAHeadMayBeOld) {
  EXPECT_EQ(send(kUp, {{at(-100'000'000), 1}}), "204 ");
  EXPECT_EQ(send({{"__name__", "min"}}, {{INT64_MIN, 1}}).substr(0, 3), "400");
}

TEST_F(WriteReceiverTest, ARefusedSampleMakesNoSeries) {
  ASSERT_EQ(send(kUp, {{at(0), 1}}), "204 ");
  EXPECT_THAT(send({{"__name__", "late"}}, {{at(-4000), 1}}), StartsWith("400 out of bounds"));
  EXPECT_EQ(head.series_count(), 1u);
}

TEST_F(WriteReceiverTest, AnInvalidHistogramIsRefusedAlone) {
  FloatHistogram histogram;
  histogram.count = 7;
  builder.add({{"__name__", "h"}}, {}, {{at(0), histogram}});
  builder.add(kUp, {{at(0), 1}});
  EXPECT_EQ(send(),
            "400 invalid histogram: 0 observations in its buckets, but its count is 7: h "
            "(samples refused: 1; all others of the request are stored)\n");
  EXPECT_EQ(stored(), "up{job=\"x\"} 0=1\n");
}

TEST_F(WriteReceiverTest, ABodyCutAtAnyByteStoresNothing) {
  builder.add(kUp, {{at(0), 1}, {at(15), 2}});
  builder.add({{"__name__", "other"}}, {{at(0), 1}});
  const std::string body = builder.take_body();
  for (size_t size = 0; size < body.size(); ++size) {
    const HttpResponse response = receiver.handle(request(body.substr(0, size)));
    EXPECT_EQ(response.status, 400) << size;
    EXPECT_EQ(response.body, "snappy: corrupt input\n");
  }
  EXPECT_EQ(stored(), "");
}

TEST_F(WriteReceiverTest, AMessageThatEndsBadlyStoresNothing) {
  builder.add(kUp, {{at(0), 1}});
  const std::string message = builder.take_message() + "\x0a\x05half";
  const HttpResponse response = receiver.handle(request(WriteRequestBuilder::compress(message)));
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, StartsWith("the body is not a protobuf of prometheus.WriteRequest: "));
  EXPECT_EQ(stored(), "");
  EXPECT_EQ(receiver.statistics().floats_appended, 0u);
}

TEST_F(WriteReceiverTest, TheDecompressedSizeIsLimited) {
  std::string zeros(kMessageSizeMax, '\0');
  const auto status = [&] {
    return receiver.handle(request(WriteRequestBuilder::compress(zeros))).status;
  };
  EXPECT_EQ(status(), 400);  // No message, but not too long.
  zeros += '\0';
  EXPECT_EQ(status(), 413);
  // The first bytes claim 4 GiB, of which none is there.
  EXPECT_EQ(receiver.handle(request("\xff\xff\xff\xff\x0f")).status, 413);
}

struct HeaderCase {
  const char* name;
  const char* value;
  int status;
};

TEST_F(WriteReceiverTest, HeadersSayWhatTheBodyIs) {
  const HeaderCase cases[] = {
      {"Content-Type", "", 204},
      {"Content-Type", "application/x-protobuf;proto=prometheus.WriteRequest", 204},
      {"Content-Type", "Application/X-Protobuf; charset=x ; proto=prometheus.WriteRequest", 204},
      {"Content-Type", "application/x-protobuf;proto=io.prometheus.write.v2.Request", 415},
      {"Content-Type", "application/json", 415},
      {"Content-Encoding", "", 204},
      {"Content-Encoding", "Snappy", 204},
      {"Content-Encoding", "gzip", 415},
  };
  for (const auto& [name, value, status] : cases) {
    HttpRequest made = request(builder.take_body());
    made.headers.set(name, value);
    const HttpResponse response = receiver.handle(made);
    EXPECT_EQ(response.status, status) << value;
    if (status == 415) {
      EXPECT_THAT(response.body, HasSubstr(value));
    }
  }
}

TEST_F(WriteReceiverTest, OtherMethodsAreNotAllowed) {
  HttpRequest made = request(builder.take_body());
  made.method = "GET";
  const HttpResponse response = receiver.handle(made);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.get("Allow"), "OPTIONS, POST");
}

}  // namespace
}  // namespace promenade::remote
