// tests/unit/model/number_format_test.cc
// Numbers as Prometheus writes and reads them.
#include "model/number_format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/bits.h"
#include "base/random.h"
#include "model/sample.h"

namespace promenade {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSmallest = 5e-324;
constexpr double kLargest = 1.7976931348623157e308;

using Append = void (*)(std::string&, double);

std::string text_of(Append append, double value) {
  std::string out = ">";  // Appending must leave what is there.
  append(out, value);
  return out.substr(1);
}

TEST(NumberFormat, EveryFormOfEveryKindOfNumber) {
  struct {
    double value;
    std::string json, decimal, go, openmetrics;
  } const cases[] = {
      {0, "0", "0", "0", "0.0"},
      {-0.0, "-0", "-0", "-0", "-0.0"},
      {1, "1", "1", "1", "1.0"},
      {-1, "-1", "-1", "-1", "-1.0"},
      {10, "10", "10", "10", "10.0"},
      {0.5, "0.5", "0.5", "0.5", "0.5"},
      {-2.25, "-2.25", "-2.25", "-2.25", "-2.25"},
      {0.005, "0.005", "0.005", "0.005", "0.005"},
      {0.1 + 0.2, "0.30000000000000004", "0.30000000000000004", "0.30000000000000004",
       "0.30000000000000004"},
      {0.0001, "0.0001", "0.0001", "0.0001", "0.0001"},
      {0.00001, "0.00001", "0.00001", "1e-05", "1e-05"},
      {0.000001, "0.000001", "0.000001", "1e-06", "1e-06"},
      {0.0000001, "1e-07", "0.0000001", "1e-07", "1e-07"},
      {-0.00000012, "-1.2e-07", "-0.00000012", "-1.2e-07", "-1.2e-07"},
      {999999, "999999", "999999", "999999", "999999.0"},
      {1000000, "1000000", "1000000", "1e+06", "1e+06"},
      {1234567, "1234567", "1234567", "1.234567e+06", "1.234567e+06"},
      {123456.5, "123456.5", "123456.5", "123456.5", "123456.5"},
      {1234567.5, "1234567.5", "1234567.5", "1.2345675e+06", "1.2345675e+06"},
      {1e9, "1000000000", "1000000000", "1e+09", "1e+09"},
      {9007199254740992.0, "9007199254740992", "9007199254740992", "9.007199254740992e+15",
       "9.007199254740992e+15"},
      {9007199254740993.0, "9007199254740992", "9007199254740992", "9.007199254740992e+15",
       "9.007199254740992e+15"},
      {1e17, "100000000000000000", "100000000000000000", "1e+17", "1e+17"},
      {123456789012345680000.0, "123456789012345680000", "123456789012345680000",
       "1.2345678901234568e+20", "1.2345678901234568e+20"},
      {1e21, "1e+21", "1000000000000000000000", "1e+21", "1e+21"},
      {1.5e100, "1.5e+100", "15" + std::string(99, '0'), "1.5e+100", "1.5e+100"},
      {kLargest, "1.7976931348623157e+308", "17976931348623157" + std::string(292, '0'),
       "1.7976931348623157e+308", "1.7976931348623157e+308"},
      {kSmallest, "5e-324", "0." + std::string(323, '0') + "5", "5e-324", "5e-324"},
      {kInfinity, "+Inf", "+Inf", "+Inf", "+Inf"},
      {-kInfinity, "-Inf", "-Inf", "-Inf", "-Inf"},
      {normal_nan(), "NaN", "NaN", "NaN", "NaN"},
      {stale_nan(), "NaN", "NaN", "NaN", "NaN"},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(text_of(append_json_value, test.value), test.json);
    EXPECT_EQ(text_of(append_decimal, test.value), test.decimal);
    EXPECT_EQ(text_of(append_go_float, test.value), test.go);
    EXPECT_EQ(text_of(append_openmetrics_float, test.value), test.openmetrics);
  }
}

TEST(NumberFormat, AllFormsReadBackToTheSameBits) {
  constexpr uint64_t kSeed = 11;
  Random random(kSeed);
  for (int i = 0; i < 20'000; ++i) {
    const double value = i % 2 == 0
                             ? bit_cast<double>(random.next())
                             : static_cast<double>(random.between(-1'000'000, 1'000'000)) / 1000;
    if (std::isnan(value)) continue;
    for (const Append append :
         {append_json_value, append_decimal, append_go_float, append_openmetrics_float}) {
      const std::string text = text_of(append, value);
      const Result<double> back = parse_float(text);
      ASSERT_TRUE(back) << text << " seed " << kSeed;
      EXPECT_EQ(bit_cast<uint64_t>(*back), bit_cast<uint64_t>(value)) << text << " seed " << kSeed;
    }
  }
}

TEST(NumberFormat, TimestampsHaveNoOrThreeDecimals) {
  struct {
    int64_t ms;
    std::string_view text;
  } const cases[] = {
      {0, "0"},
      {1'700'000'600'000, "1700000600"},
      {1'700'000'000'050, "1700000000.050"},
      {1, "0.001"},
      {10, "0.010"},
      {1'700'000'600'500, "1700000600.500"},
      {-1500, "-1.500"},
      {-1, "-0.001"},
      {-2000, "-2"},
      {INT64_MIN, "-9223372036854775.808"},
  };
  for (const auto& test : cases) {
    std::string out;
    append_json_timestamp(out, test.ms);
    EXPECT_EQ(out, test.text);
  }
}

TEST(ParseFloat, AcceptsWhatGoAccepts) {
  struct {
    std::string_view text;
    double value;
  } const cases[] = {
      {"0", 0},
      {"-0", -0.0},
      {"+1", 1},
      {"1.", 1},
      {".5", 0.5},
      {"-.5", -0.5},
      {"1e3", 1000},
      {"1E+3", 1000},
      {"1e-3", 0.001},
      {"00012", 12},
      {"Inf", kInfinity},
      {"+inf", kInfinity},
      {"-INF", -kInfinity},
      {"infinity", kInfinity},
      {"-Infinity", -kInfinity},
      {"1e-400", 0},
      {"4.9e-324", kSmallest},
      {"1.7976931348623157e308", kLargest},
      {"9007199254740993", 9007199254740992.0},
  };
  for (const auto& test : cases) {
    const Result<double> value = parse_float(test.text);
    ASSERT_TRUE(value) << test.text;
    EXPECT_EQ(bit_cast<uint64_t>(*value), bit_cast<uint64_t>(test.value)) << test.text;
  }
  for (const std::string_view text : {"NaN", "nan", "NAN"}) {
    EXPECT_EQ(bit_cast<uint64_t>(*parse_float(text)), kNormalNaNBits) << text;
  }
}

TEST(ParseFloat, RefusesTheRestInGosWords) {
  for (const std::string_view text :
       {"",    "+",   "-",    ".",     "e3",   "1e",   "1e+",    "1x",   " 1", "1 ",  "--1",
        "+-1", "-+1", "0x10", "1_000", "+nan", "-NaN", "nan(1)", "infi", "in", "1,5", "1.2.3"}) {
    const Result<double> value = parse_float(text);
    ASSERT_FALSE(value) << text << " became " << *value;
    EXPECT_EQ(value.error().message,
              "strconv.ParseFloat: parsing \"" + std::string(text) + "\": invalid syntax");
  }
  EXPECT_EQ(parse_float("1e309").error().message,
            "strconv.ParseFloat: parsing \"1e309\": value out of range");
  EXPECT_EQ(parse_float("-1e309").error().message,
            "strconv.ParseFloat: parsing \"-1e309\": value out of range");
}

TEST(StaleNaN, IsToldFromOtherNaNs) {
  EXPECT_TRUE(is_stale_nan(stale_nan()));
  EXPECT_FALSE(is_stale_nan(normal_nan()));
  EXPECT_FALSE(is_stale_nan(1));
  EXPECT_TRUE(std::isnan(stale_nan()));
}

}  // namespace
}  // namespace promenade
