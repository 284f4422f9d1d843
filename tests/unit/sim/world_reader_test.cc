// tests/unit/sim/world_reader_test.cc
// A world file that is wrong says where, what was found, what was expected and what to do.
#include "sim/world_file/world_reader.h"

#include <gtest/gtest.h>

namespace promenade::sim {
namespace {

struct Row {
  const char* yaml;
  const char* message;
};

constexpr Row kRejected[] = {
    {"about: nothing\n", "w.yaml:1:1: a world lacks the key \"world\"; add it"},
    {"world: w\nservces: {}\n",
     "w.yaml:2:1: found the unknown key \"servces\" in a world; did you mean \"services\"?"},
    {"world: w\nvalues: {a: lod * 2}\n",
     "w.yaml:2:13: unknown name \"lod\" in the formula \"lod * 2\""},
    {"world: w\nvalues: {load: 1, a: lod * 2}\n",
     "w.yaml:2:22: unknown name \"lod\"; did you mean \"load\"? in the formula \"lod * 2\""},
    {"world: w\nvalues: {a: nois(5m)}\n",
     "w.yaml:2:13: unknown function \"nois\"; did you mean \"noise\"? in the formula \"nois(5m)\""},
    {"world: w\nvalues: {a: 2 * (3 + 1}\n",
     "w.yaml:2:23: found the end of the formula, expected \")\" in the formula \"2 * (3 + 1\""},
    {"world: w\nvalues: {a: 5parsec}\n",
     "w.yaml:2:14: unknown unit \"parsec\", expected one of us ms s m h d w % kB MB GB KiB MiB GiB "
     "TiB in the formula \"5parsec\""},
    {"world: w\nvalues: {a: [1]}\n",
     "w.yaml:2:13: found a list, expected a formula such as 2 * sessions"},
    {"world: w\nservices: {a: {use: [proces]}}\n",
     "w.yaml:2:22: there is no component \"proces\"; did you mean \"process\"?"},
    {"world: w\nservices: {a: {metrics: [{value: 3}]}}\n",
     "w.yaml:2:26: a metric has one of the keys counter, gauge, histogram, summary with its name"},
    {"world: w\nservices: {a: {metrics: [{gauge: x-y, value: 3}]}}\n",
     "w.yaml:2:34: found \"x-y\", expected the name of a metric"},
    {"world: w\nservices: {a: {metrics: [{gauge: x, value: failed(b)}]}}\n",
     "w.yaml:2:51: there is no \"b\" to observe; did you mean \"a\"? in the formula \"failed(b)\""},
    {"world: w\nservices: {a: {requests: {endpoints: [{id: x}]}}}\n",
     "w.yaml:2:39: an endpoint has either \"rate\" or \"called_by\": SERVICE.ENDPOINT"},
    {"world: w\nservices: {a: {requests: {endpoints: [{called_by: b.x}]}}}\n",
     "w.yaml:2:51: found \"b.x\", expected SERVICE.ENDPOINT of a service that stands further up in "
     "the "
     "file"},
    {"world: w\nincidents: {plan: [{kind: restrat, begin: 1m}]}\n",
     "w.yaml:2:27: found \"restrat\", expected a chaos control or one of this world's troubles; "
     "did you "
     "mean \"restart\"?"},
    {"world: w\nincidents: {plan: [{kind: restart, begin: 5m..1m}]}\n",
     "w.yaml:2:43: found \"5m..1m\", expected a duration or a range of them such as 6m..21m"},
    {"world: w\nservices: {a: {instances: 5000}}\n",
     "w.yaml:1:1: the world has more than 400 instances; let services have fewer"},
};

TEST(WorldReader, SaysWhatIsWrongAndWhatToDo) {
  for (const Row& row : kRejected) {
    const auto world = read_world("w.yaml", row.yaml);
    ASSERT_FALSE(world) << row.yaml;
    EXPECT_EQ(world.error().message, row.message) << row.yaml;
    EXPECT_EQ(world.error().code, ErrorCode::BadData);
  }
}

double evaluated(const std::string& formula) {
  const auto world = read_world("w.yaml", "world: w\nvalues:\n  a: >-\n    " + formula + "\n");
  EXPECT_TRUE(world) << world.error().message;
  if (!world) return -1;
  FormulaInputs inputs;
  inputs.at = Timestamp::from_seconds(1'767'225'600);
  return evaluate(world->formulas[world->values[0].formula], inputs);
}

TEST(Formula, ComputesWhatItSays) {
  const struct {
    const char* text;
    double value;
  } rows[] = {
      {"1 + 2 * 3", 7},
      {"(1 + 2) * 3", 9},
      {"10 - 4 - 3", 3},
      {"-2 * -3", 6},
      {"42ms * 1000", 42},
      {"5%", 0.05},
      {"2KiB", 2048},
      {"1d / 1h", 24},
      {"1 / 0", 0},
      {"2 > 1", 1},
      {"2 >= 2", 1},
      {"1 > 1", 0},
      {"1 < 2 and not 3 < 2", 1},
      {"0 or 2 == 2", 1},
      {"if(1 > 2, 5, 6)", 6},
      {"min(4, 2, 3) + max(4, 2, 3)", 6},
      {"clamp(9, 1, 5)", 5},
      {"pick(1, 10, 20, 30)", 20},
      {"pick(7, 10, 20, 30)", 30},
      {"floor(2.7) + round(2.7)", 5},
      {"within(23, 22, 5) + within(4, 22, 5) + within(12, 22, 5)", 2},
      {"phase(1h)", 0},

  };
  for (const auto& row : rows) {
    EXPECT_NEAR(evaluated(row.text), row.value, 1e-9) << row.text;
  }
}

TEST(Formula, RefusesWhatIsTooDeepOrTooLong) {
  const std::string deep(60, '(');
  EXPECT_FALSE(read_world(
      "w.yaml", "world: w\nvalues: {a: \"" + deep + "1" + std::string(60, ')') + "\"}\n"));
  std::string list = "1";
  for (int i = 0; i < 300; ++i) list += " + 1";
  EXPECT_FALSE(read_world("w.yaml", "world: w\nvalues: {a: " + list + "}\n"));
}

}  // namespace
}  // namespace promenade::sim
