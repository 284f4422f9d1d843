// tests/conformance/script.cc
// Lines to commands. A block runs up to the next empty line; comments count as empty.
#include "script.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <sstream>

#include "base/strings.h"
#include "expectation.h"
#include "model/duration.h"

namespace promenade::conformance {
namespace {

using Lines = std::vector<std::string_view>;

std::string_view first_word(std::string_view line) {
  return line.substr(0, line.find_first_of(" \t"));
}

using Starts = std::vector<std::optional<Duration>>;

// `metric@st ...` gives the start times of the samples on the next line.
struct StartLine {
  std::string_view metric;
  Starts starts;
};

// One item: `_`, `_xN` (N times), `-1m`, `-1mxN` or `-1m+5sxN` (N + 1 times).
Result<void> append_starts(std::string_view item, Starts& starts) {
  static const re2::RE2 omitted(R"(_(?:x(\d{1,6}))?)");
  static const re2::RE2 given(R"(([+-]?\d+[a-z]*?)([+-]\d+[a-z]*?)?(?:x(\d{1,6}))?)");
  const std::string text(item);
  std::string times;
  const auto count = [&times](size_t otherwise) {
    return times.empty() ? otherwise : std::stoul(times);
  };
  if (re2::RE2::FullMatch(text, omitted, &times)) {
    starts.insert(starts.end(), count(1), std::nullopt);
    return {};
  }
  std::string first;
  std::string step = "0";
  if (!re2::RE2::FullMatch(text, given, &first, &step, &times)) {
    return bad_data(fmt::format("unexpected {} in an @st line", quote(item)));
  }
  Duration start = TRY(parse_signed_duration(first));
  const Duration added = TRY(parse_signed_duration(step.empty() ? "0" : step));
  for (size_t i = 0; i <= count(0); ++i, start = start + added) starts.push_back(start);
  return {};
}

Result<std::optional<StartLine>> parse_start_line(std::string_view line) {
  static const re2::RE2 pattern(R"(^((?:[^"\s]|"(?:[^"\\]|\\.)*")+)@st(\s.*))");
  re2::StringPiece metric;
  re2::StringPiece items;
  if (!re2::RE2::FullMatch(re2::StringPiece(line.data(), line.size()), pattern, &metric, &items)) {
    return std::nullopt;
  }
  StartLine parsed{{metric.data(), metric.size()}, {}};
  std::istringstream words{std::string(items.data(), items.size())};
  for (std::string item; words >> item;) TRY(append_starts(item, parsed.starts));
  return parsed;
}

// A later line for the same metric takes the place of an earlier one.
void put(std::vector<LoadedSeries>& series, LoadedSeries line) {
  for (LoadedSeries& present : series) {
    if (present.labels == line.labels) {
      present = std::move(line);
      return;
    }
  }
  series.push_back(std::move(line));
}

Result<LoadedSeries> parse_loaded(std::string_view line, std::optional<StartLine>& starts) {
  if (starts && line.substr(0, starts->metric.size()) != starts->metric) {
    return bad_data("@st metric does not match the following sample line metric");
  }
  auto parsed = promql::parse_series_line(line);
  if (!parsed) return bad_data(fmt::format("{}: {}", line, parsed.error().message));
  LoadedSeries series{std::move(parsed->labels), std::move(parsed->values), {}};
  if (!starts) return series;
  series.starts = std::move(starts->starts);
  starts.reset();
  if (series.starts.size() == series.values.size()) return series;
  return bad_data(fmt::format("@st line has {} values but sample line has {}", series.starts.size(),
                              series.values.size()));
}

Result<Load> parse_load(std::string_view head, const Lines& body) {
  static const re2::RE2 pattern(R"(^(?i:load)(_with_nhcb)?\s+(.+?)$)");
  std::string nhcb;
  std::string step;
  if (!re2::RE2::FullMatch(std::string(head), pattern, &nhcb, &step)) {
    return bad_data("invalid load command, expected load <step>");
  }
  Load load;
  load.with_nhcb = !nhcb.empty();
  load.step = TRY(parse_duration(step));
  std::optional<StartLine> starts;
  for (const std::string_view line : body) {
    std::optional<StartLine> start_line = TRY(parse_start_line(line));
    if (start_line && starts) return bad_data("@st line has no following sample line");
    if (start_line) {
      starts = std::move(start_line);
    } else {
      put(load.series, TRY(parse_loaded(line, starts)));
    }
  }
  if (starts) return bad_data("@st line has no following sample line");
  return load;
}

// What an old command name such as eval_fail stands for.
void apply_suffix(const std::string& suffix, Expectation& expected) {
  if (suffix == "fail") expected.failure = ExpectedText{};
  if (suffix == "warn") expected.warnings.present.push_back({});
  if (suffix == "info") expected.infos.present.push_back({});
  if (suffix == "ordered") expected.ordered = true;
}

Result<Eval> parse_eval(std::string_view head, const Lines& body) {
  static const re2::RE2 instant(
      R"((?i:eval)(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?))?\s+(.+))");
  static const re2::RE2 range(
      R"((?i:eval)(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+))");
  const std::string line(head);
  Eval eval;
  std::string suffix;
  std::string start;
  std::string end;
  std::string step = "1ms";
  if (re2::RE2::FullMatch(line, range, &suffix, &start, &end, &step, &eval.query)) {
    eval.is_range = true;
  } else if (re2::RE2::FullMatch(line, instant, &suffix, &start, &eval.query)) {
    if (start.empty()) start = "0";
    end = start;
  } else {
    return bad_data(
        "invalid eval command, expected eval instant at <time> <query> or eval range "
        "from <time> to <time> step <duration> <query>");
  }
  eval.grid = TRY(parse_grid(start, end, step));
  apply_suffix(suffix, eval.expected);
  for (const std::string_view expectation : body) {
    const bool is_last = TRY(parse_expectation(expectation, eval.expected));
    if (is_last) break;
  }
  TRY(check_value_counts(eval));
  return eval;
}

template <typename Action>
void set_action(Command& command, Result<Action> action) {
  if (action) {
    command.action = std::move(*action);
  } else {
    command.action = Broken{action.error().message};
  }
}

Lines read_lines(std::string_view text) {
  Lines lines;
  for (const std::string_view raw : split(text, '\n')) {
    const std::string_view line = trim(raw);
    lines.push_back(!line.empty() && line.front() == '#' ? std::string_view() : line);
  }
  return lines;
}

}  // namespace

std::vector<Command> parse_script(std::string_view text) {
  const Lines lines = read_lines(text);
  std::vector<Command> commands;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    Command command;
    command.line = i + 1;
    command.text = std::string(lines[i]);
    const std::string word = to_lower(first_word(lines[i]));
    const bool has_body = word.rfind("load", 0) == 0 || word.rfind("eval", 0) == 0;
    Lines body;
    while (has_body && i + 1 < lines.size() && !lines[i + 1].empty()) body.push_back(lines[++i]);
    if (word == "clear") {
      command.action = Clear{};
    } else if (word.rfind("load", 0) == 0) {
      set_action(command, parse_load(command.text, body));
    } else if (word.rfind("eval", 0) == 0) {
      set_action(command, parse_eval(command.text, body));
    } else {
      command.action = Broken{fmt::format("invalid command {}", quote(word))};
    }
    commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace promenade::conformance
