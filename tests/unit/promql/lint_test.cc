// tests/unit/promql/lint_test.cc
// Every rule has a file in lint/ that says on which queries it speaks, what it says, and on which
// similar ones it is silent. A file is lines of a word and what belongs to it:
//
//   type http_requests_total counter      what the linter knows, for the whole file
//   series up{job="api"}                  `series 600 x{user="u%d"}` makes 600 of them
//   interval 15s
//   as alert                              from here on: instant, range, alert or recording
//   fires rate(up[5m])                    then, in this order:
//   at rate(up[5m])                         the text that the remark is about
//   says up is a gauge ...
//   edit deriv(up[5m])                      the query after the edit; only where there is one
//   silent deriv(up[5m])
//
// With UPDATE_EXPECTED=1 the lines at, says and edit are written anew.
#include "promql/lint.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "model/duration.h"
#include "promql/parser/parser.h"
#include "tsdb/head.h"

namespace promenade::promql {
namespace {

const std::string kFolder = "tests/unit/promql/lint/";

struct Line {
  std::string word;
  std::string rest;
};

std::vector<Line> read_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<Line> lines;
  for (std::string text; std::getline(file, text);) {
    const size_t blank = text.find(' ');
    lines.push_back(
        {text.substr(0, blank), blank == std::string::npos ? "" : text.substr(blank + 1)});
  }
  return lines;
}

// What the lines of a file let the linter know.
class Known {
 public:
  void learn(const Line& line) {
    if (line.word == "type") return learn_type(line.rest);
    if (line.word == "series") return learn_series(line.rest);
    if (line.word == "interval") interval_ = parse_duration(line.rest).value();
    if (line.word == "as") purpose_ = kPurposes.at(line.rest);
  }

  std::vector<LintFinding> findings(const std::string& query, LintWork* work = nullptr) const {
    const auto expr = parse(query);
    EXPECT_TRUE(expr) << query << ": " << (expr ? "" : expr.error().message);
    if (!expr) return {};
    const auto type_of = [&](std::string_view family) {
      const auto found = types_.find(std::string(family));
      return found == types_.end() ? std::nullopt : std::optional(found->second);
    };
    const StoreKnowledge knowledge(head_, kAllTime, type_of, interval_);
    const auto found = lint(query, **expr, {purpose_, &knowledge, nullptr, work});
    const RememberedKnowledge remembered(
        **expr, StoreKnowledge(head_, kAllTime, nullptr, interval_), type_of);
    expect_same(query, found, lint(query, **expr, {purpose_, &remembered}));
    return found;
  }

 private:
  inline static const std::map<std::string, LintPurpose> kPurposes = {
      {"instant", LintPurpose::Instant},
      {"range", LintPurpose::Range},
      {"alert", LintPurpose::Alert},
      {"recording", LintPurpose::Recording}};

  // What is remembered must be all that is asked.
  static void expect_same(const std::string& query, const std::vector<LintFinding>& found,
                          const std::vector<LintFinding>& again) {
    ASSERT_EQ(again.size(), found.size()) << query;
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(again[i].rule, found[i].rule) << query;
      EXPECT_EQ(again[i].severity, found[i].severity) << query;
      EXPECT_EQ(again[i].span, found[i].span) << query;
      EXPECT_EQ(again[i].message, found[i].message) << query;
      ASSERT_EQ(again[i].edit.has_value(), found[i].edit.has_value()) << query;
      if (found[i].edit) {
        EXPECT_EQ(again[i].edit->span, found[i].edit->span) << query;
        EXPECT_EQ(again[i].edit->replacement, found[i].edit->replacement) << query;
      }
    }
  }

  void learn_type(const std::string& text) {
    const std::string name = text.substr(0, text.find(' '));
    for (int type = 0; type <= static_cast<int>(MetricType::StateSet); ++type) {
      const auto candidate = static_cast<MetricType>(type);
      if (text.substr(name.size() + 1) == to_string(candidate)) types_[name] = candidate;
    }
    ASSERT_TRUE(types_.contains(name)) << text;
  }

  void learn_series(const std::string& text) {
    const bool is_counted = text.front() >= '0' && text.front() <= '9';
    const int count = is_counted ? std::atoi(text.c_str()) : 1;
    const std::string series = is_counted ? text.substr(text.find(' ') + 1) : text;
    tsdb::Appender appender = head_.appender();
    for (int i = 0; i < count; ++i) {
      std::string numbered = series;
      if (const size_t at = numbered.find("%d"); at != std::string::npos) {
        numbered.replace(at, 2, std::to_string(i));
      }
      appender.append(appender.series(parse_metric(numbered).value()), Timestamp{0}, 1);
    }
    appender.commit();
  }

  tsdb::Head head_;
  std::map<std::string, MetricType> types_;
  std::optional<Duration> interval_;
  LintPurpose purpose_ = LintPurpose::Instant;
};

std::string text_at(const std::string& query, SourceSpan span) {
  return query.substr(span.begin, span.end - span.begin);
}

std::string edited(std::string query, const TextEdit& edit) {
  return query.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.replacement);
}

// The lines that belong behind `fires QUERY`.
std::vector<Line> expected_lines(const std::string& query, const LintFinding& finding) {
  std::vector<Line> lines = {{"at", text_at(query, finding.span)}, {"says", finding.message}};
  if (finding.edit) lines.push_back({"edit", edited(query, *finding.edit)});
  return lines;
}

std::string text_of(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines)
    text += line.word + (line.rest.empty() ? "" : " " + line.rest) + "\n";
  return text;
}

const LintFinding* find(const std::vector<LintFinding>& findings, std::string_view rule) {
  for (const LintFinding& finding : findings) {
    if (finding.rule == rule) return &finding;
  }
  return nullptr;
}

bool is_expectation(const Line& line) {
  return line.word == "at" || line.word == "says" || line.word == "edit";
}

struct Count {
  int fires = 0;
  int silent = 0;
};

// Checks one file; `rewritten` gets its text as it should be.
Count check_file(const std::string& rule, const std::vector<Line>& lines,
                 std::vector<Line>& rewritten) {
  Known known;
  Count count;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (is_expectation(lines[i])) continue;
    rewritten.push_back(lines[i]);
    known.learn(lines[i]);
    const std::string& query = lines[i].rest;
    if (lines[i].word != "fires" && lines[i].word != "silent") continue;
    const std::vector<LintFinding> findings = known.findings(query);
    const LintFinding* finding = find(findings, rule);
    if (lines[i].word == "silent") {
      ++count.silent;
      EXPECT_EQ(finding, nullptr) << rule << " speaks about " << query;
      continue;
    }
    ++count.fires;
    EXPECT_NE(finding, nullptr) << rule << " is silent about " << query;
    if (!finding) continue;
    const std::vector<Line> expected = expected_lines(query, *finding);
    rewritten.insert(rewritten.end(), expected.begin(), expected.end());
    if (finding->edit) {
      const std::string better = edited(query, *finding->edit);
      EXPECT_EQ(find(known.findings(better), rule), nullptr) << rule << " speaks again: " << better;
    }
  }
  return count;
}

// (a or b) or (c or d): no deeper than the parser allows, however many there are.
std::string joined_by_or(std::vector<std::string> parts) {
  while (parts.size() > 1) {
    std::vector<std::string> pairs;
    for (size_t i = 0; i + 1 < parts.size(); i += 2) {
      pairs.push_back("(" + parts[i] + " or " + parts[i + 1] + ")");
    }
    if (parts.size() % 2 != 0) pairs.push_back(parts.back());
    parts = std::move(pairs);
  }
  return parts.front();
}

// Endless lists of labels that are combined at every node.
TEST(Lint, LooksAtSoManyLabelsAndNoMore) {
  constexpr uint64_t kLabels = 1000;
  std::string labels = "a";
  for (uint64_t i = 1; i < kLabels; ++i) labels += fmt::format(",l{}", i);
  std::vector<std::string> unions(400, "sum by (a) (x)");
  unions.front() = fmt::format("sum by ({}) (y)", labels);
  const std::string query = "sum by (a) (" + joined_by_or(unions) + ")";
  EXPECT_LT(query.size(), kLintBytesMax);
  LintWork work;
  Known().findings(query, &work);
  EXPECT_GT(work.label_steps, LintWork::kLabelStepsMax);
  // The node at which there have been enough is finished.
  EXPECT_LT(work.label_steps, LintWork::kLabelStepsMax + 10 * kLabels * kLabels);
}

// Series after series that are looked at for every selector.
TEST(Lint, LooksAtSoManySeriesAndNoMore) {
  Known known;
  known.learn({"series", "9000 x{user=\"u%d\",a=\"1\",b=\"2\",c=\"3\",d=\"4\",e=\"5\"}"});
  std::vector<std::string> selectors;
  for (int i = 0; i < 700; ++i) selectors.push_back(fmt::format("x{{user!=\"{}\"}}", i));
  const std::string query = joined_by_or(selectors);
  EXPECT_LT(query.size(), kLintBytesMax);
  LintWork work;
  known.findings(query, &work);
  EXPECT_GT(work.series, LintWork::kSeriesMax - 9000);
  EXPECT_LE(work.series, LintWork::kSeriesMax);
}

TEST(Lint, EndsWhenItIsOver) {
  const std::string query = "rate(up[5m]) + quantile(95, delta(x_total[5m]))";
  const auto expr = parse(query);
  ASSERT_TRUE(expr);
  LintOptions options;
  int asked = 0;
  options.is_over = [&asked] { return ++asked > 0; };
  EXPECT_TRUE(lint(query, **expr, options).empty());
  EXPECT_LT(asked, 5);
  options.is_over = nullptr;
  EXPECT_FALSE(lint(query, **expr, options).empty());
}

// Of a store that it may no longer ask, the linter knows nothing.
TEST(Lint, AsksAStoreNoLongerThanItMay) {
  tsdb::Head head;
  int asked = 0;
  const StoreKnowledge knowledge(head, kAllTime, nullptr, std::nullopt,
                                 [&asked] { return ++asked > 1; });
  const std::vector<Matcher> up = {Matcher::equal("__name__", "up")};
  EXPECT_TRUE(knowledge.series(up).has_value());
  EXPECT_FALSE(knowledge.series(up).has_value());
}

TEST(Lint, EveryRuleSpeaksAndIsSilentAsItsFileSays) {
  for (const std::string_view id : lint_rules()) {
    const std::string rule(id);
    const std::string path = kFolder + rule + ".txt";
    const std::vector<Line> lines = read_lines(path);
    std::vector<Line> rewritten;
    const Count count = check_file(rule, lines, rewritten);
    EXPECT_GT(count.fires, 0) << path << " has no query on which the rule speaks";
    EXPECT_GT(count.silent, 0) << path << " has no query on which the rule is silent";
    if (std::getenv("UPDATE_EXPECTED")) {
      std::ofstream(path) << text_of(rewritten);
    } else {
      EXPECT_EQ(text_of(rewritten), text_of(lines)) << path;
    }
  }
}

// Queries as good as they are: no rule has anything to say.
TEST(Lint, IsSilentAboutGoodQueries) {
  Known known;
  int count = 0;
  for (const Line& line : read_lines(kFolder + "good-queries.txt")) {
    known.learn(line);
    if (line.word != "silent") continue;
    ++count;
    for (const LintFinding& finding : known.findings(line.rest)) {
      ADD_FAILURE() << finding.rule << " about " << line.rest << ": " << finding.message;
    }
  }
  EXPECT_GT(count, 40);
}

TEST(Lint, FindingsStandInTheOrderOfTheText) {
  const std::string query = "rate(up[5m]) + quantile(95, delta(x_total[5m]))";
  const auto findings = Known().findings(query);
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].rule, "rate-of-gauge");
  EXPECT_EQ(findings[1].rule, "quantile-out-of-range");
  EXPECT_EQ(findings[2].rule, "delta-of-counter");
}

}  // namespace
}  // namespace promenade::promql
