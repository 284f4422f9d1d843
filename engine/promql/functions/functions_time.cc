// The clock and the calendar: time(), the bounds of the query, and the parts of dates in UTC.
#include <cmath>

#include "model/sample.h"
#include "promql/functions/calendar.h"
#include "promql/functions/vector_functions.h"

namespace promenade::promql {

namespace {

using CalendarPart = int64_t (*)(int64_t unix_seconds);

int64_t day_of_month(int64_t seconds) {
  return CalendarTime::of(seconds).day;
}
int64_t day_of_week(int64_t seconds) {
  return CalendarTime::of(seconds).day_of_week;
}
int64_t day_of_year(int64_t seconds) {
  return CalendarTime::of(seconds).day_of_year();
}
int64_t days_in_month(int64_t seconds) {
  return CalendarTime::of(seconds).days_in_month();
}
int64_t hour(int64_t seconds) {
  return CalendarTime::of(seconds).hour;
}
int64_t minute(int64_t seconds) {
  return CalendarTime::of(seconds).minute;
}
int64_t month(int64_t seconds) {
  return CalendarTime::of(seconds).month;
}
int64_t year(int64_t seconds) {
  return CalendarTime::of(seconds).year;
}

// Beyond this many seconds a number is no time; it has no date either.
constexpr double kSecondsMax = 1e15;

template <CalendarPart part>
Result<Value> calendar(VectorCall& call) {
  if (call.args.empty()) {
    VectorValue now;
    Row& row = now.rows.emplace_back();
    for (size_t step = 0; step < call.grid.count; ++step) {
      row.values.push_back(static_cast<double>(part(call.grid.time_ms(step) / 1000)));
    }
    return Value(std::move(now));
  }
  std::vector<Row>& rows = rows_of(call, 0);
  map_floats(rows, [](double seconds, size_t) {
    if (!(std::abs(seconds) <= kSecondsMax)) return normal_nan();
    return static_cast<double>(part(static_cast<int64_t>(seconds)));
  });
  return without_names(call, std::move(rows));
}

Result<Value> constant(const VectorCall& call, double value) {
  return Value(ScalarValue{std::vector<double>(call.grid.count, value)});
}

Result<Value> time(VectorCall& call) {
  ScalarValue result;
  result.values.reserve(call.grid.count);
  for (size_t step = 0; step < call.grid.count; ++step) {
    result.values.push_back(static_cast<double>(call.grid.time_ms(step)) / 1000);
  }
  return Value(std::move(result));
}

Result<Value> start(VectorCall& call) {
  return constant(call, call.query.start.in_seconds());
}
Result<Value> end(VectorCall& call) {
  return constant(call, call.query.end.in_seconds());
}
Result<Value> range(VectorCall& call) {
  return constant(call, (call.query.end - call.query.start).in_seconds());
}
// 0 in an instant query, which has one step and therefore none between two.
Result<Value> step(VectorCall& call) {
  const bool is_instant = call.query.start == call.query.end;
  return constant(call, is_instant ? 0 : call.query.step.in_seconds());
}

// Of a selector's samples it is the selector that knows the answer, if start times are used at all.
// A computed value has none.
Result<Value> start_timestamp(VectorCall&) {
  return Value(VectorValue{});
}

constexpr NamedFunction kFunctions[] = {
    {"day_of_month", calendar<day_of_month>},
    {"day_of_week", calendar<day_of_week>},
    {"day_of_year", calendar<day_of_year>},
    {"days_in_month", calendar<days_in_month>},
    {"end", end},
    {"hour", calendar<hour>},
    {"minute", calendar<minute>},
    {"month", calendar<month>},
    {"range", range},
    {"start", start},
    {"start_timestamp", start_timestamp},
    {"step", step},
    {"time", time},
    {"year", calendar<year>},
};

}  // namespace

std::span<const NamedFunction> time_functions() {
  return kFunctions;
}

}  // namespace promenade::promql
