// tests/unit/model/metadata_test.cc
#include "model/metadata.h"

#include <gtest/gtest.h>

namespace promenade {
namespace {

TEST(MetricType, HasTheNamesOfTheApi) {
  EXPECT_EQ(to_string(MetricType::Unknown), "unknown");
  EXPECT_EQ(to_string(MetricType::Counter), "counter");
  EXPECT_EQ(to_string(MetricType::Gauge), "gauge");
  EXPECT_EQ(to_string(MetricType::Histogram), "histogram");
  EXPECT_EQ(to_string(MetricType::GaugeHistogram), "gaugehistogram");
  EXPECT_EQ(to_string(MetricType::Summary), "summary");
  EXPECT_EQ(to_string(MetricType::Info), "info");
  EXPECT_EQ(to_string(MetricType::StateSet), "stateset");
}

}  // namespace
}  // namespace promenade
