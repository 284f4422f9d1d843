// engine/promql/parser/hints_character.cc
// Hints for what the lexer finds: characters that look like PromQL's but are others, signs from
// other languages, and numbers with foreign units.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/ascii.h"
#include "base/strings.h"
#include "model/duration.h"
#include "model/number_format.h"
#include "promql/parser/hints.h"

namespace promenade::promql {
namespace {

constexpr std::string_view kQuotes = "use straight quotes \" or '";
constexpr std::string_view kMinus = "use a plain minus sign -";
constexpr std::string_view kBlank = "this is no ordinary blank; type a space in its place";

struct LookAlike {
  char32_t first;
  char32_t last;
  std::string_view hint;
};
constexpr std::array kLookAlikes = {
    LookAlike{0xA0, 0xA0, kBlank},
    LookAlike{0xAB, 0xAB, kQuotes},
    LookAlike{0xB4, 0xB4, kQuotes},
    LookAlike{0xB7, 0xB7, "multiply with *"},
    LookAlike{0xBB, 0xBB, kQuotes},
    LookAlike{0xD7, 0xD7, "multiply with *"},
    LookAlike{0xF7, 0xF7, "divide with /"},
    LookAlike{0x2000, 0x200D, kBlank},
    LookAlike{0x2010, 0x2015, kMinus},
    LookAlike{0x2018, 0x201F, kQuotes},
    LookAlike{0x2026, 0x2026, "write out what the dots stand for"},
    LookAlike{0x2028, 0x202F, kBlank},
    LookAlike{0x2032, 0x2033, kQuotes},
    LookAlike{0x205F, 0x2060, kBlank},
    LookAlike{0x2212, 0x2212, kMinus},
    LookAlike{0x2219, 0x2219, "multiply with *"},
    LookAlike{0x2260, 0x2260, "write !="},
    LookAlike{0x2264, 0x2264, "write <="},
    LookAlike{0x2265, 0x2265, "write >="},
    LookAlike{0x22C5, 0x22C5, "multiply with *"},
    LookAlike{0x3000, 0x3000, kBlank},
    LookAlike{0xFEFF, 0xFEFF, kBlank},
};

// Signs of ASCII that begin no token, outside braces and inside.
struct Sign {
  std::string_view text;
  std::string_view hint;
};
constexpr std::array kOutsideBraces = {
    Sign{"..", "write out what the dots stand for"},
    Sign{".", "a metric name with a dot stands in quotes inside braces: {\"http.requests\"}"},
    Sign{";", "no semicolon stands in a query"},
    Sign{"&", "write and"},
    Sign{"||", "write or"},
    Sign{"|", "nothing is piped in PromQL: a function takes its argument in parentheses"},
    Sign{"}", "no { is open here"},
    Sign{"?", "PromQL has no ?: operator; a comparison such as up == 0 filters"},
    Sign{"~", "regular expressions match labels, inside braces: up{job=~\"api.*\"}"},
    Sign{"\\", "a query may be broken into lines without a sign"},
};
constexpr std::array kInsideBraces = {
    Sign{"<", "labels are matched with =, !=, =~ or !~"},
    Sign{">", "labels are matched with =, !=, =~ or !~"},
    Sign{":", "between a label and its value stands ="},
    Sign{";", "matchers are separated by commas"},
    Sign{"&", "matchers are separated by commas, which mean and"},
    Sign{"|", "for one value or another write job=~\"a|b\""},
    Sign{"(", "the braces have to be closed with } first"},
    Sign{")", "the braces have to be closed with } first"},
    Sign{"[", "the braces have to be closed with } first"},
    Sign{"{", "braces don't nest; in the template of an alert, the query has none around it"},
    Sign{"*", "values stand in quotes, and patterns are matched with =~: job=~\"api.*\""},
    Sign{"-", "a label name with this sign stands in quotes: \"my-label\"=\"x\""},
    Sign{".", "a label name with this sign stands in quotes: \"my.label\"=\"x\""},
    Sign{"/", "values stand in quotes"},
};

template <typename Signs>
std::string_view sign_hint(const Signs& signs, std::string_view text) {
  for (const Sign& sign : signs) {
    if (text.substr(0, sign.text.size()) == sign.text) return sign.hint;
  }
  return "";
}

std::string look_alike_hint(char32_t value) {
  constexpr char32_t kFullWidth = 0xFF00 - 0x20;
  if (value > 0xFF00 && value < 0xFF5F) {
    return fmt::format("write the ordinary {}", static_cast<char>(value - kFullWidth));
  }
  for (const LookAlike& entry : kLookAlikes) {
    if (value >= entry.first && value <= entry.last) return std::string(entry.hint);
  }
  return "";
}

// Whether what stands before `at` is the operator of a label matcher.
bool is_value_expected(std::string_view query, size_t at) {
  const std::string_view before = trim(query.substr(0, at));
  return !before.empty() && (before.back() == '=' || before.back() == '~');
}

// Other spellings of units, and what one of them is worth in milliseconds.
struct Unit {
  std::string_view name;
  double ms;
};
constexpr double kMinute = 60'000;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;
constexpr std::array kUnits = {
    Unit{"y", 365 * kDay},    Unit{"yr", 365 * kDay},
    Unit{"year", 365 * kDay}, Unit{"mo", 30 * kDay},
    Unit{"month", 30 * kDay}, Unit{"w", 7 * kDay},
    Unit{"week", 7 * kDay},   Unit{"d", kDay},
    Unit{"day", kDay},        Unit{"h", kHour},
    Unit{"hr", kHour},        Unit{"hour", kHour},
    Unit{"m", kMinute},       Unit{"mn", kMinute},
    Unit{"min", kMinute},     Unit{"minute", kMinute},
    Unit{"s", 1000},          Unit{"sec", 1000},
    Unit{"second", 1000},     Unit{"ms", 1},
    Unit{"msec", 1},          Unit{"milli", 1},
    Unit{"millisecond", 1},
};
constexpr std::array kFactors = {
    Unit{"k", 1e3},  Unit{"kb", 1e3},  Unit{"ki", 1024},       Unit{"kib", 1024},
    Unit{"m", 1e6},  Unit{"mb", 1e6},  Unit{"mi", 1048576},    Unit{"mib", 1048576},
    Unit{"g", 1e9},  Unit{"gb", 1e9},  Unit{"gi", 1073741824}, Unit{"gib", 1073741824},
    Unit{"t", 1e12}, Unit{"tb", 1e12},
};

template <typename Units>
const Unit* find_unit(const Units& units, const std::string& name) {
  const auto is_named = [&](const Unit& unit) { return unit.name == name; };
  const auto found = std::find_if(units.begin(), units.end(), is_named);
  return found == units.end() ? nullptr : &*found;
}

const Unit* find_duration_unit(std::string name) {
  if (const Unit* unit = find_unit(kUnits, name)) return unit;
  if (name.size() > 1 && name.back() == 's') name.pop_back();
  return find_unit(kUnits, name);
}

}  // namespace

void add_hint(std::string& message, std::string_view hint) {
  if (hint.empty()) return;
  message += "; ";
  message += hint;
}

size_t variable_length(std::string_view query, size_t at) {
  if (query[at] != '$') return 0;
  size_t end = at + 1;
  if (end < query.size() && query[end] == '{') {
    const size_t close = query.find('}', end);
    return close == std::string_view::npos ? 0 : close + 1 - at;
  }
  while (end < query.size() && is_name_character(query[end])) ++end;
  return end > at + 1 ? end - at : 0;
}

std::string character_hint(std::string_view query, size_t at, bool is_in_braces) {
  if (query[at] == '$') {
    return is_in_braces ? "only Grafana fills in variables; write a value in quotes"
                        : "only Grafana fills in variables; write a length of time such as 5m, or "
                          "a value";
  }
  const auto code_point = decode_utf8(query, at);
  if (code_point && code_point->size > 1) return look_alike_hint(code_point->value);
  if (!is_in_braces) return std::string(sign_hint(kOutsideBraces, query.substr(at)));
  constexpr std::string_view kInValues = "0123456789*./-+^";
  if (is_value_expected(query, at) && kInValues.find(query[at]) != std::string_view::npos) {
    return "values stand in quotes";
  }
  if (is_digit(query[at])) return "a label name begins with a letter; a range stands in [ ]";
  return std::string(sign_hint(kInsideBraces, query.substr(at)));
}

std::string number_hint(std::string_view word, bool is_in_brackets) {
  size_t length = 0;
  while (length < word.size() && (is_digit(word[length]) || word[length] == '.')) ++length;
  const auto number = parse_float(word.substr(0, length));
  const std::string unit = to_lower(word.substr(length));
  if (!number || unit.empty() || unit.front() == '_') return "";
  const Unit* factor = is_in_brackets ? nullptr : find_unit(kFactors, unit);
  // Outside brackets 5M is five million, but 5m with a wrong end is a time.
  if (factor != nullptr && (unit != "m" || word[length] == 'M')) {
    std::string hint = "write ";
    append_decimal(hint, *number * factor->ms);
    return hint;
  }
  if (const Unit* duration = find_duration_unit(unit); duration && *number < 1e6) {
    const double ms = *number * duration->ms;
    return "write " + format_duration(Duration{static_cast<int64_t>(std::llround(ms))});
  }
  if (is_digit(unit.back())) return "a unit is missing at the end: ms, s, m, h, d, w or y";
  return "the units of time are ms, s, m, h, d, w and y, and no name begins with a digit";
}

std::string regex_hint(std::string_view pattern) {
  if (pattern.find("(?=") != std::string_view::npos ||
      pattern.find("(?!") != std::string_view::npos ||
      pattern.find("(?<") != std::string_view::npos) {
    return "RE2, which Prometheus uses, can't look ahead or behind; exclude values with a second "
           "matcher, such as job!~\"test.*\"";
  }
  if (!pattern.empty() && pattern.front() == '*') return "any text is written .*";
  return "";
}

}  // namespace promenade::promql
