// tests/unit/exposition/writer_test.cc
// What the writer emits, byte for byte, and that the parser reads it back.
#include "exposition/writer.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "exposition/text_parser.h"

namespace promenade::exposition {
namespace {

TEST(Writer, WritesFamiliesInTheOrderOfCalls) {
  std::string out;
  Writer writer(out);
  writer.family("requests_total", MetricType::Counter, "Requests\nby \\ method.");
  writer.sample({{"method", "GET"}, {"path", "a\\b\"c\nd"}}, 1027);
  writer.sample({{"method", "POST"}}, 3, 1395066363000);
  writer.family("temperature", MetricType::Gauge, "");
  writer.sample(-0.5);
  writer.family("build", MetricType::Info, "x");
  EXPECT_EQ(out,
            "# HELP requests_total Requests\\nby \\\\ method.\n"
            "# TYPE requests_total counter\n"
            "requests_total{method=\"GET\",path=\"a\\\\b\\\"c\\nd\"} 1027\n"
            "requests_total{method=\"POST\"} 3 1395066363000\n"
            "# TYPE temperature gauge\n"
            "temperature -0.5\n"
            "# HELP build x\n"
            "# TYPE build untyped\n");
}

TEST(Writer, AccumulatesTheBucketsOfAHistogram) {
  std::string out;
  Writer writer(out);
  writer.family("latency", MetricType::Histogram, "");
  const std::array<double, 3> bounds = {0.005, 1, 1e6};
  const std::array<uint64_t, 4> counts = {1, 2, 0, 4};
  writer.histogram({{"m", "x"}}, {bounds, counts, 12.5});
  writer.histogram(std::span<const Label>(), {{}, std::span(counts).first(1), 2});
  EXPECT_EQ(out,
            "# TYPE latency histogram\n"
            "latency_bucket{m=\"x\",le=\"0.005\"} 1\n"
            "latency_bucket{m=\"x\",le=\"1\"} 3\n"
            "latency_bucket{m=\"x\",le=\"1e+06\"} 3\n"
            "latency_bucket{m=\"x\",le=\"+Inf\"} 7\n"
            "latency_sum{m=\"x\"} 12.5\n"
            "latency_count{m=\"x\"} 7\n"
            "latency_bucket{le=\"+Inf\"} 1\n"
            "latency_sum 2\n"
            "latency_count 1\n");
}

TEST(Writer, ARenderedSeriesIsTheSameText) {
  const std::array<Label, 2> labels = {{{"a", "1"}, {"b", "\""}}};
  std::string slow, fast;
  Writer slow_writer(slow), fast_writer(fast);
  slow_writer.family("m", MetricType::Gauge, "");
  fast_writer.family("m", MetricType::Gauge, "");
  slow_writer.sample(labels, 1e21);
  fast_writer.rendered(render_series("m", labels), 1e21);
  EXPECT_EQ(slow, fast);
  EXPECT_EQ(render_series("m", {}), "m");
}

TEST(Writer, ShortFamiliesComeInOneCall) {
  std::string out;
  Writer writer(out);
  write_counter(writer, "c_total", "C.", 1);
  write_gauge(writer, "g", "G.", std::nan(""));
  EXPECT_EQ(out,
            "# HELP c_total C.\n# TYPE c_total counter\nc_total 1\n"
            "# HELP g G.\n# TYPE g gauge\ng NaN\n");
}

TEST(Writer, TheParserReadsItBack) {
  const std::string value = "tab\t quote\" back\\slash \xe2\x82\xac\nend";
  const double number = 0.1 + 0.2;
  std::string out;
  Writer writer(out);
  writer.family("m", MetricType::Gauge, "help \\n\n");
  writer.sample({{"x", value}}, number, -0);
  TextParser parser(out);
  ASSERT_EQ(*parser.next(), EntryKind::Help);
  EXPECT_EQ(parser.help(), "help \\n\n");
  ASSERT_EQ(*parser.next(), EntryKind::Type);
  ASSERT_EQ(*parser.next(), EntryKind::Series);
  EXPECT_EQ(parser.labels()->get("x"), value);
  EXPECT_EQ(parser.value(), number);
  EXPECT_EQ(parser.timestamp_ms(), 0);
  EXPECT_EQ(*parser.next(), EntryKind::End);
}

}  // namespace
}  // namespace promenade::exposition
