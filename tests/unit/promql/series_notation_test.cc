// tests/unit/promql/series_notation_test.cc
// What the values of a series line expand to, and what is said about wrong ones.
#include "promql/parser/series_notation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "model/number_format.h"

namespace promenade::promql {
namespace {

std::string to_text(const SeriesValue& value) {
  if (value.omitted) return "_";
  if (value.histogram) return to_histogram_literal(*value.histogram);
  if (is_stale_nan(value.value)) return "stale";
  std::string out;
  append_go_float(out, value.value);
  return out;
}

// "LABELS | VALUE VALUE ...", or the error and its span.
std::string expand(const std::string& line) {
  const auto series = parse_series_line(line);
  if (!series) {
    const SourceSpan span = series.error().span.value_or(SourceSpan{});
    return fmt::format("{}..{}: {}", span.begin, span.end, series.error().message);
  }
  std::string out = series->labels.to_string() + " |";
  for (const SeriesValue& value : series->values) out += " " + to_text(value);
  return out;
}

TEST(SeriesNotation, ExpandsValues) {
  const std::pair<const char*, const char*> cases[] = {
      {"up", "up |"},
      {"{} 1", "{} | 1"},
      {"up{job=\"x\"} 1.5 -3 +2 1e3\t5m", "up{job=\"x\"} | 1.5 -3 2 1000 300"},
      {"a Inf -Inf NaN", "a | +Inf -Inf NaN"},
      {"a _ _x3 stale stalex1", "a | _ _ _ _ stale stale stale"},
      {"a 7x2", "a | 7 7 7"},
      {"a 1+2x3", "a | 1 3 5 7"},
      {"a 1-2x2", "a | 1 -1 -3"},
      {"a -1-2x1", "a | -1 -3"},
      {"a 0x3", "a | 0 0 0 0"},
      {"a 5mx1 1m+1mx1", "a | 300 300 60 120"},
      {"a Infx1", "a | +Inf +Inf"},
      {"by{__name__=\"on\"} 1", "on | 1"},
      {"{\"a b\", \"c d\"=\"e\"} 1", "{\"a b\", \"c d\"=\"e\"} | 1"},
      {"a 0.1+0.1x2", "a | 0.1 0.2 0.30000000000000004"},
  };
  for (const auto& [line, wanted] : cases) EXPECT_EQ(expand(line), wanted) << line;
}

TEST(SeriesNotation, ExpandsHistograms) {
  const std::pair<const char*, const char*> cases[] = {
      {"a {{}}", "a | {{}}"},
      {"a{b=\"c\"} {{schema:1 count:3 sum:-5.5 buckets:[1 2]}}",
       "a{b=\"c\"} | {{schema:1 count:3 sum:-5.5 buckets:[1 2]}}"},
      {"a {{SUM:1 z_bucket:2 z_bucket_w:0.001 n_offset:-1 n_buckets:[1 0 2] offset:3 buckets:[4]}}",
       "a | {{sum:1 z_bucket:2 z_bucket_w:0.001 offset:3 buckets:[4] n_offset:-1 n_buckets:[1 0 "
       "2]}}"},
      {"a {{schema:-53 custom_values:[5 10] buckets:[1 2 3] counter_reset_hint:gauge}}",
       "a | {{schema:-53 custom_values:[5 10] counter_reset_hint:gauge buckets:[1 2 3]}}"},
      {"a {{count:1}}x1", "a | {{count:1}} {{count:1}}"},
      {"a {{count:1 buckets:[1]}}+{{count:2 buckets:[1 1]}}x2",
       "a | {{count:1 buckets:[1]}} {{count:3 buckets:[2 1]}} {{count:5 buckets:[3 2]}}"},
      {"a {{count:5}}-{{count:2}}x1 _", "a | {{count:5}} {{count:3}} _"},
  };
  for (const auto& [line, wanted] : cases) EXPECT_EQ(expand(line), wanted) << line;
}

TEST(SeriesNotation, RemembersWhetherTheHintWasWritten) {
  const auto values = parse_series_values("{{counter_reset_hint:unknown}} {{count:1}}");
  ASSERT_TRUE(values);
  EXPECT_TRUE((*values)[0].is_hint_given);
  EXPECT_FALSE((*values)[1].is_hint_given);
}

TEST(SeriesNotation, SaysWhatIsWrongAndWhere) {
  const std::pair<const char*, const char*> cases[] = {
      {"a 1 goo 2", "4..7: unexpected \"goo\" in series values, expected number or \"stale\""},
      {"a 1+", "2..4: unexpected \"1+\" in series values, expected number or \"stale\""},
      {"a 1+2", "2..5: unexpected \"1+2\" in series values, expected number or \"stale\""},
      {"a 1x", "3..4: expected a number of repetitions after \"x\" in series values"},
      {"a 1x2000000", "11..11: series has too many values, the limit is 1000000"},
      {"a{b!=\"c\"} 1", "0..9: unexpected \"!=\" in series description, expected \"=\""},
      {"a{b=\"c\"}1", "8..9: expected a blank between the metric and its values"},
      {"5 1",
       "0..1: unexpected number \"5\" in series description, expected a metric name or \"{\""},
      {"a {{count:1 count:2}}", "12..18: duplicate key \"count\" in histogram"},
      {"a {{nothing:1}}", "4..12: bad histogram descriptor found: \"nothing\""},
      {"a {{count:x}}", "10..11: expected a number in histogram, got \"x\""},
      {"a {{schema:1.5}}", "11..14: expected an integer in histogram"},
      {"a {{buckets:1}}", "12..12: expected \"[\" in histogram"},
      {"a {{buckets:[1}}", "14..14: expected a number in histogram, got \"\""},
      {"a {{counter_reset_hint:maybe}}",
       "23..28: expected unknown, reset, not_reset or gauge, got \"maybe\""},
      {"a {{count:1", "11..11: unexpected end of input inside histogram"},
      {"a {{schema:1}}+{{schema:0}}x1",
       "2..29: error combining histograms: cannot merge from schema 0 to 1"},
  };
  for (const auto& [line, wanted] : cases) EXPECT_EQ(expand(line), wanted) << line;
}

}  // namespace
}  // namespace promenade::promql
