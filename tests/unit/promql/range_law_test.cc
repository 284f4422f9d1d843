// The law of the columnar evaluator: a range query gives at every step what the instant query gives
// there. Checked for random stores and random expressions.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/random.h"
#include "query_fixture.h"

namespace promenade::promql::testing {
namespace {

// What each series has at one step, by labels.
using StepResult = std::map<std::string, std::string>;

// Sums in another order differ in the last digits.
std::string rounded(const Point& point) {
  if (point.histogram) return "h" + rounded({0, point.histogram->count, nullptr});
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", point.value == 0 ? 0.0 : point.value);
  return text;
}

StepResult at_step(const Result<QueryResult>& result, int64_t time_ms) {
  StepResult step;
  if (!result) return {{"error", result.error().message}};
  if (const auto* scalar = std::get_if<Scalar>(&result->value)) {
    step["{}"] = rounded({time_ms, *scalar, nullptr});
  } else if (const auto* vector = std::get_if<Vector>(&result->value)) {
    for (const VectorElement& element : *vector) {
      step[element.labels.to_string()] = rounded(element.point);
    }
  } else {
    for (const MatrixSeries& series : std::get<Matrix>(result->value)) {
      for (const Point& point : series.points) {
        if (point.time_ms == time_ms) step[series.labels.to_string()] = rounded(point);
      }
    }
  }
  return step;
}

class World {
 public:
  explicit World(uint64_t seed) : random_(seed) {
    for (int i = 0; i < 6; ++i) {
      const std::string labels =
          "{i=\"" + std::to_string(i % 3) + "\",j=\"" + std::to_string(i / 3) + "\"}";
      store.load(15, "c_total" + labels, counter());
      store.load(15, "g" + labels, gauge());
    }
    store.load(15, "h", "h1 h2 _ h4 stale h1 h3 h9 _ h12 h13 h14");
    store.load(15, "k", "1 2 1 0 3 1 1 2 2 1 5 1");
  }

  std::string expression(int depth) {
    switch (below(depth > 0 ? 13 : 3)) {
      case 0:
        return "g";
      case 1:
        return "c_total{i=\"" + std::to_string(below(3)) + "\"}";
      case 2:
        return "g" + any({" offset 20s", " offset -30s", " @ 60", " @ end()", "{j!=\"0\"}"});
      case 3:
        return any({"rate", "increase", "resets"}) + "(c_total[" + window() + "])";
      case 4:
        return any({"sum_over_time", "max_over_time", "count_over_time", "avg_over_time",
                    "last_over_time", "stddev_over_time", "delta", "changes"}) +
               "(g[" + window() + "]" + any({"", " offset 15s", " @ 90"}) + ")";
      case 5:
        return any({"max", "sum", "min"}) + "_over_time(" + paren(depth) + "[45s:15s])";
      case 6:
        return any({"sum", "avg", "min", "max", "count", "stddev", "group"}) +
               any({"", " by (i)", " without (j)"}) + " " + paren(depth);
      case 7:
        return "quantile(scalar(k) / 3, " + expression(depth - 1) + ")";
      case 8:
        return paren(depth) + any({" + ", " * ", " > ", " <= bool ", " / "}) +
               any({"2", "time()", "7.5"});
      case 9:
        return paren(depth) + any({" + ", " - ", " > ", " and ", " or ", " unless "}) +
               paren(depth);
      case 10:
        return any({"abs", "-", "absent", "timestamp", "floor"}) + paren(depth);
      case 11:
        return "scalar" + paren(depth) + " + g";
      // Of gauges only, which have no two equal values: which of equals is chosen is open.
      default:
        return any({"topk", "bottomk"}) + any({"", " by (i)"}) + "(scalar(k), g)";
    }
  }

  Store store;

 private:
  uint64_t below(uint64_t limit) { return random_.below(limit); }
  std::string any(const std::vector<std::string>& choices) {
    return choices[below(choices.size())];
  }
  std::string window() { return any({"15s", "30s", "1m", "40s"}); }
  std::string paren(int depth) { return "(" + expression(depth - 1) + ")"; }

  std::string gauge() {
    std::string values;
    for (int i = 0; i < 12; ++i) {
      const uint64_t kind = below(10);
      values += kind == 0 ? "_ " : kind == 1 ? "stale " : std::to_string(below(1'000'000)) + " ";
    }
    return values;
  }
  std::string counter() {
    std::string values;
    uint64_t value = 0;
    for (int i = 0; i < 12; ++i) {
      value = below(8) == 0 ? 0 : value + below(20);
      values += below(9) == 0 ? "_ " : std::to_string(value) + " ";
    }
    return values;
  }

  Random random_;
};

// `@ end()` means the query's end, so the instant queries spell it out.
std::string with_end(std::string query, int64_t end_seconds) {
  for (size_t at; (at = query.find("@ end()")) != std::string::npos;) {
    query.replace(at, 7, "@ " + std::to_string(end_seconds));
  }
  return query;
}

TEST(RangeLaw, ARangeQueryIsTheInstantQueryAtEveryStep) {
  constexpr int64_t kEnd = 200;
  constexpr int64_t kStep = 20;
  size_t values_compared = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    World world(seed);
    for (int i = 0; i < 25; ++i) {
      const std::string query = world.expression(3);
      EngineOptions options;
      options.lookback = Duration::seconds(40);
      options.delayed_name_removal = i % 2 == 0;
      const auto whole = range(world.store, query, 0, kEnd, kStep, options);
      bool any_error = false;
      for (int64_t seconds = 0; seconds <= kEnd; seconds += kStep) {
        const auto single = instant(world.store, with_end(query, kEnd), seconds, options);
        if (!single) any_error = true;
        if (!whole || !single) continue;
        const StepResult expected = at_step(single, seconds * 1000);
        ASSERT_EQ(at_step(whole, seconds * 1000), expected)
            << "seed " << seed << ", query " << query << " at " << seconds;
        values_compared += expected.size();
      }
      ASSERT_EQ(!whole, any_error)
          << "seed " << seed << ", query " << query << ": " << text_of(whole);
    }
  }
  EXPECT_GT(values_compared, 10'000u);
}

}  // namespace
}  // namespace promenade::promql::testing
