// Matching tables: who met whom, why others did not, and the operator that would help.
#include <gtest/gtest.h>

#include "promql/explain.h"
#include "query_fixture.h"

namespace promenade::promql {
namespace {

using testing::Store;

Store store() {
  Store store;
  store.load(15, R"(errors{job="api",code="500"})", "1")
      .load(15, R"(errors{job="api",code="503"})", "2")
      .load(15, R"(errors{job="web",code="500"})", "3")
      .load(15, R"(errors{job="db",code="500"})", "4")
      .load(15, R"(total{job="api"})", "10")
      .load(15, R"(total{job="web"})", "20")
      .load(15, R"(total{job="cache"})", "30")
      .load(15, R"(dup{job="api",path="/a"})", "1")
      .load(15, R"(dup{job="api",path="/b"})", "2")
      .load(15, R"(scalar_like)", "5");
  return store;
}

// "kind {key} left:right why" a line, then the fix.
std::string table_of(const std::string& query) {
  constexpr std::string_view kKinds[] = {"matched",   "left only",  "right only",
                                         "many left", "many right", "many both"};
  InlineExecutor executor;
  const Store samples = store();
  const ExprPtr expr = parse(query).value();
  const auto explanation = explain(*expr, {{}, {}}, samples.queryable(), executor, {});
  const std::optional<MatchingTable>& table = explanation.value().nodes[0].matching;
  if (!table) return "no table";
  std::string text;
  for (const MatchEntry& entry : table->entries) {
    text += std::string(kKinds[static_cast<size_t>(entry.kind)]) + " " + entry.key.to_string() +
            " " + std::to_string(entry.left_count) + ":" + std::to_string(entry.right_count);
    text += entry.why.empty() ? "\n" : " " + entry.why + "\n";
  }
  if (!table->fix.empty()) text += "fix: " + table->fix + "\n";
  if (!table->fix_reason.empty()) text += table->fix_reason + "\n";
  return text;
}

struct Case {
  std::string query;
  std::string table;
};

TEST(MatchingTable, SaysWhoMetWhomAndWhyNot) {
  const Case cases[] = {
      {"sum by (job) (errors) / on (job) total",
       "left only {job=\"db\"} 1:0 Nothing on the right has `{job=\"db\"}`.\n"
       "right only {job=\"cache\"} 0:1 Nothing on the left has `{job=\"cache\"}`.\n"
       "matched {job=\"api\"} 1:1\n"
       "matched {job=\"web\"} 1:1\n"},
      // The label that one side lacks is what is told.
      {"errors{job=\"web\"} / total",
       "left only {code=\"500\", job=\"web\"} 1:0 Nothing on the right has the label `code`.\n"
       "right only {job=\"api\"} 0:1 Everything on the left has the label `code`, which this "
       "element on the right has not.\n"
       "right only {job=\"web\"} 0:1 Everything on the left has the label `code`, which this "
       "element on the right has not.\n"
       "right only {job=\"cache\"} 0:1 Everything on the left has the label `code`, which this "
       "element on the right has not.\n"
       "fix: / on (job)\n"
       "Both sides have `job`.\n"},
      {"errors / ignoring (code) total",
       "many left {job=\"api\"} 2:1 2 elements on the left agree in these labels, where an element "
       "on the right has room for one only.\n"
       "left only {job=\"db\"} 1:0 Nothing on the right has `{job=\"db\"}`.\n"
       "right only {job=\"cache\"} 0:1 Nothing on the left has `{job=\"cache\"}`.\n"
       "matched {job=\"web\"} 1:1\n"
       "fix: / ignoring (code) group_left ()\n"
       "Several elements on the left may then share one on the right.\n"},
      {"total * on (job) errors",
       "many right {job=\"api\"} 1:2 2 elements on the right agree in these labels, where an "
       "element on the left has room for one only.\n"
       "left only {job=\"cache\"} 1:0 Nothing on the right has `{job=\"cache\"}`.\n"
       "right only {job=\"db\"} 0:1 Nothing on the left has `{job=\"db\"}`.\n"
       "matched {job=\"web\"} 1:1\n"
       "fix: * on (job) group_right ()\n"
       "Several elements on the right may then share one on the left.\n"},
      {"errors * on (job) dup",
       "many both {job=\"api\"} 2:2 2 elements on the left and 2 on the right agree in these "
       "labels, so it is not clear which belongs to which.\n"
       "left only {job=\"web\"} 1:0 Nothing on the right has `{job=\"web\"}`.\n"
       "left only {job=\"db\"} 1:0 Nothing on the right has `{job=\"db\"}`.\n"
       "No labels tell these elements apart in the same way on both sides: aggregate one side "
       "first, so that it has one element for each combination of the labels to match.\n"},
      {"total * on (instance) group_left errors",
       "many right {} 3:4 4 elements on the right agree in these labels, where an element on the "
       "left has room for one only. None of them has the label `instance`.\n"
       "fix: * on (job) group_right ()\n"
       "Both sides have `job`. Several elements on the right may then share one on the left.\n"},
      {"errors{job=\"web\"} * on (job, path) dup{path=\"/a\"}",
       "left only {job=\"web\"} 1:0 It has no label `path`, and nothing on the right that agrees "
       "otherwise lacks it, too.\n"
       "right only {job=\"api\", path=\"/a\"} 0:1 Nothing on the left has the label `path`.\n"},
      {"total - ignoring (x) fill_right (0) total{job=\"api\"}",
       "left only {job=\"web\"} 1:0 Nothing on the right has `{job=\"web\"}`. 0 takes the place of "
       "its value.\n"
       "left only {job=\"cache\"} 1:0 Nothing on the right has `{job=\"cache\"}`. 0 takes the "
       "place "
       "of its value.\n"
       "matched {job=\"api\"} 1:1\n"},
      {"errors and on (job) total",
       "left only {job=\"db\"} 1:0 Nothing on the right has `{job=\"db\"}`.\n"
       "right only {job=\"cache\"} 0:1 Nothing on the left has `{job=\"cache\"}`.\n"
       "matched {job=\"api\"} 2:1\n"
       "matched {job=\"web\"} 1:1\n"},
      {"total{job=\"web\"} and errors{job=\"web\"}",
       "left only {job=\"web\"} 1:0 Everything on the right has the label `code`, which this "
       "element on the left has not.\n"
       "right only {code=\"500\", job=\"web\"} 0:1 Nothing on the left has the label `code`.\n"
       "fix: and on (job)\n"
       "Both sides have `job`.\n"},
      {"total or errors",
       "left only {job=\"api\"} 1:0 Everything on the right has the label `code`, which this "
       "element on the left has not.\n"
       "left only {job=\"web\"} 1:0 Everything on the right has the label `code`, which this "
       "element on the left has not.\n"
       "left only {job=\"cache\"} 1:0 Everything on the right has the label `code`, which this "
       "element on the left has not.\n"
       "right only {code=\"500\", job=\"api\"} 0:1 Nothing on the left has the label `code`.\n"
       "right only {code=\"503\", job=\"api\"} 0:1 Nothing on the left has the label `code`.\n"
       "right only {code=\"500\", job=\"web\"} 0:1 Nothing on the left has the label `code`.\n"
       "right only {code=\"500\", job=\"db\"} 0:1 Nothing on the left has the label `code`.\n"},
      {"total{job=\"api\"} / nothing",
       "left only {job=\"api\"} 1:0 There is nothing on the right.\n"},
      {"sum(total) / scalar_like", "matched {} 1:1\n"},
      {"total * 2", "no table"},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(table_of(test.query), test.table) << test.query;
  }
}

// Every proposal is one that the engine takes.
TEST(MatchingTable, ProposalsWork) {
  const Store samples = store();
  for (const std::string sides : {"errors|total", "total|errors", "errors|dup", "dup|total"}) {
    const std::string left = sides.substr(0, sides.find('|'));
    const std::string right = sides.substr(sides.find('|') + 1);
    for (const std::string op : {"/", "/ ignoring (code)", "/ on (job)", "/ on (nothing)",
                                 "/ on () group_left", "> bool", "and", "unless"}) {
      InlineExecutor executor;
      const ExprPtr expr = parse(left + " " + op + " " + right).value();
      const auto explanation = explain(*expr, {{}, {}}, samples.queryable(), executor, {});
      const MatchingTable& table = *explanation.value().nodes[0].matching;
      if (table.fix.empty()) continue;
      const auto mended = testing::instant(samples, left + " " + table.fix + " " + right, 0);
      EXPECT_TRUE(mended) << left << " " << table.fix << " " << right << ": "
                          << mended.error().message;
    }
  }
}

TEST(MatchingTable, CountsEntriesThatItDoesNotShow) {
  Store many;
  for (int i = 0; i < 30; ++i) {
    many.load(15, "a{i=\"" + std::to_string(i) + "\"}", "1");
    many.load(15, "b{i=\"" + std::to_string(i + 10) + "\"}", "1");
  }
  InlineExecutor executor;
  const ExprPtr expr = parse("a + b").value();
  const auto explanation = explain(*expr, {{}, {}}, many.queryable(), executor, {}, {3});
  const MatchingTable& table = *explanation.value().nodes[0].matching;
  EXPECT_EQ(table.counts[static_cast<size_t>(MatchEntry::Kind::Matched)], 20u);
  EXPECT_EQ(table.counts[static_cast<size_t>(MatchEntry::Kind::LeftOnly)], 10u);
  EXPECT_EQ(table.counts[static_cast<size_t>(MatchEntry::Kind::RightOnly)], 10u);
  EXPECT_EQ(table.entries.size(), 9u);
}

TEST(MatchingTable, OfARangeIsThatOfTheLastStep) {
  Store store;
  store.load(15, "a", "1 1 1 1").load(15, "b", "_ _ _ 1");
  InlineExecutor executor;
  const ExprPtr expr = parse("a + b").value();
  const QueryRange range{{}, Timestamp::from_seconds(45), Duration::seconds(15)};
  const auto explanation = explain(*expr, range, store.queryable(), executor, {});
  const MatchingTable& table = *explanation.value().nodes[0].matching;
  EXPECT_EQ(table.time_ms, 45'000);
  EXPECT_EQ(table.entries[0].kind, MatchEntry::Kind::Matched);
}

}  // namespace
}  // namespace promenade::promql
