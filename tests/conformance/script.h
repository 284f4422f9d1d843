#pragma once  // tests/conformance/script.h
// A .test file as a list of commands, nothing executed yet: clear, load, eval and what each eval
// expects (Prometheus's promql/promqltest). A line that can't be understood spoils its own
// command, not the file.
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/labels.h"
#include "promql/parser/series_notation.h"

namespace promenade::conformance {

struct Clear {};

struct LoadedSeries {
  Labels labels;
  std::vector<promql::SeriesValue> values;
  // How long before each value its counter began to count (negative for "before"), where a line
  // said so; empty when none did.
  std::vector<std::optional<Duration>> starts;
};
struct Load {
  Duration step;
  bool with_nhcb = false;  // Convert classic histograms to native ones with custom buckets as well.
  std::vector<LoadedSeries> series;
};

// What an error or annotation must say; with neither, anything will do.
struct ExpectedText {
  enum class Kind { Any, Exact, Regex } kind = Kind::Any;
  std::string text;
};
struct ExpectedRemarks {
  std::vector<ExpectedText> present;
  bool none = false;
};
struct TimeGrid {
  Timestamp start;
  Timestamp end;
  Duration step;
};
struct Expectation {
  std::optional<ExpectedText> failure;
  ExpectedRemarks warnings;
  ExpectedRemarks infos;
  bool ordered = false;
  std::optional<double> scalar;
  std::optional<std::string> string;
  std::optional<TimeGrid> range_vector;
  std::vector<LoadedSeries> series;
};

struct Eval {
  std::string query;
  TimeGrid grid;  // start == end for an instant query.
  bool is_range = false;
  Expectation expected;
};

struct Broken {
  std::string reason;
};

struct Command {
  size_t line = 0;   // From 1, where the command begins.
  std::string text;  // Its first line.
  std::variant<Clear, Load, Eval, Broken> action;
};

std::vector<Command> parse_script(std::string_view text);

}  // namespace promenade::conformance
