#pragma once  // engine/promql/explain.h
// What a query did, node by node: for every node of its syntax tree a sentence in plain English,
// its own result, what it cost, and, where there is one, the step that learners ask about: which
// elements of two vectors met, how a rate was extrapolated, which bucket a quantile was read from,
// how old the sample was that a selector chose.
//
// Every node is evaluated by the operators that evaluate queries, over the same steps as in the
// query, so its result is the one that its parent worked with; the root's is the query's. A node
// inside a subquery is shown over the subquery's steps. A node that fails does not keep its
// siblings from being evaluated. GET /api/v1/explain (api/explain_json.h) gives all of it as JSON.
//
// Like the evaluator, a function of the arguments and the store: safe to call from several threads.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "promql/engine.h"

namespace promenade::promql {

// A query with more nodes is not explained.
inline constexpr size_t kExplainNodesMax = 1000;
// Points of one series that are shown. Of more, the extremes of equal parts are: a spike stays a
// spike.
inline constexpr size_t kExplainPointsMax = 240;
// How far beyond the look-back the samples of a selector that finds nothing are searched for.
inline constexpr Duration kExplainOlderMax = Duration::hours(24);

struct ExplainOptions {
  // Series shown for each node, and entries of each kind in its tables. Counts are of all.
  size_t series_shown_max = 10;
};

enum class NodeStatus {
  Evaluated,
  Failed,   // `error` says why.
  Blocked,  // The child `blocked_on` has no value.
  Skipped,  // The query itself does not evaluate it either; `note` says why.
};

struct LabelSummary {
  std::string name;
  size_t value_count = 0;
  std::vector<std::string> examples;  // The first three values, in alphabetical order.
};

// What an instant selector's look-back found at one instant.
struct SelectorFacts {
  int64_t reference_ms = 0;  // The instant looked back from: offset and @ are taken into account.
  int64_t lookback_ms = 0;
  std::vector<int64_t> sample_ms;  // Of each series shown, when the chosen sample was taken.
  // Series that have samples within the look-back, but ended with a stale marker.
  size_t stale_count = 0;
  // Only when nothing was found: series with samples in the day before, and the time of the newest
  // of these.
  size_t older_count = 0;
  std::optional<int64_t> newest_older_ms;
};

// The part of a range vector that one instant looks at. The start does not belong to it, unless the
// engine closes windows on the left.
struct WindowFacts {
  int64_t start_ms = 0;
  int64_t end_ms = 0;
};

struct CounterReset {
  int64_t time_ms = 0;  // Of the first sample after it.
  double before = 0;
  double after = 0;
};

// The arithmetic of rate(), increase() or delta() for one series at one instant:
//   raw = last - first + correction
//   factor = (sampled + to_start + to_end) / sampled
//   result = raw * (factor / divisor)
// With `anchored` and `smoothed` nothing is extrapolated: first and last are then the values at the
// edges of the window, and factor is 1.
struct RateSteps {
  Labels labels;  // Of the input series.
  WindowFacts window;
  size_t sample_count = 0;
  // Why there is no arithmetic, in a sentence; "" when there is, and all below is then set.
  std::string refusal;
  Point first{};
  Point last{};
  std::vector<CounterReset> resets;  // None for delta().
  double correction = 0;             // What the resets took away.
  double raw = 0;
  double sampled_seconds = 0;   // From the first to the last sample.
  double interval_seconds = 0;  // On average between two samples.
  // From the outermost samples to the edges of the window.
  double gap_start_seconds = 0;
  double gap_end_seconds = 0;
  // How much of these gaps the extrapolation covers, and why.
  enum class Reach { Edge, HalfInterval, Zero };
  double to_start_seconds = 0;
  double to_end_seconds = 0;
  Reach start_reach = Reach::Edge;
  Reach end_reach = Reach::Edge;
  double factor = 1;
  double divisor = 1;  // The window in seconds for rate(), else 1.
  double result = 0;
};

struct QuantileBucket {
  double lower = 0;
  double upper = 0;
  double cumulative = 0;  // Observations up to `upper`.
};

// How histogram_quantile() read one histogram at one instant.
struct QuantileSteps {
  Labels labels;  // Of the histogram, without `le`.
  bool is_native = false;
  double quantile = 0;
  double total = 0;  // Observations.
  double rank = 0;   // quantile * total: the observation that is looked for.
  std::vector<QuantileBucket> buckets;
  // How far counts had to be raised because they fell from one bucket to the next; 0 for not.
  double monotonicity_fix = 0;
  std::optional<size_t> bucket;  // Of `buckets`: the one that the rank falls into.
  // What was done in it, in a sentence.
  std::string rule;
  // Where in the bucket the rank is, from 0 to 1; only where it was interpolated.
  std::optional<double> fraction;
  double result = 0;
};

// Elements of both sides of a binary operator that agree in the labels it matches by.
struct MatchEntry {
  enum class Kind {
    Matched,
    LeftOnly,  // Nothing on the right matches; with a fill, the fill does.
    RightOnly,
    ManyLeft,   // Several on the left where one is allowed,
    ManyRight,  // or on the right,
    ManyBoth,   // or on both sides.
  };
  Kind kind = Kind::Matched;
  Labels key;
  size_t left_count = 0;
  size_t right_count = 0;
  std::vector<VectorElement> left;  // At most ExplainOptions::series_shown_max.
  std::vector<VectorElement> right;
  std::string why;  // A sentence; "" for Matched.
};

struct MatchingTable {
  int64_t time_ms = 0;              // The instant it is of: of a range, the last step.
  std::vector<MatchEntry> entries;  // Trouble first: Many*, LeftOnly, RightOnly, Matched.
  // By MatchEntry::Kind, of all entries, the ones not shown included.
  size_t counts[6] = {};
  // An operator that would match without trouble, such as "/ on (job) group_left ()", and a
  // sentence that says what it changes; "" when there is no trouble or no such operator was found.
  std::string fix;
  std::string fix_reason;
};

struct ExplainNode {
  const Expr* expr = nullptr;  // Into the tree that was explained.
  std::optional<size_t> parent;
  std::vector<size_t> children;
  std::string reading;  // "The sum of the rates for each `job`." Names and values in backticks.

  NodeStatus status = NodeStatus::Evaluated;
  Error error;
  size_t blocked_on = 0;
  std::string note;

  // The steps it was evaluated at: the query's, or those of the subquery around it. A node that has
  // the same value at all of them is evaluated and shown at the first one only.
  QueryRange steps;
  bool is_in_subquery = false;
  bool is_constant = false;

  // All series, the ones not shown included. 0 for scalars and strings.
  size_t series_count = 0;
  // What the node itself read and took, not its children.
  uint64_t samples_read = 0;
  int64_t evaluation_ns = 0;
  uint64_t bytes = 0;  // Of the result: 8 a value, and the labels.
  std::vector<LabelSummary> labels;
  Annotations annotations;  // Those that it raised itself.

  // Scalar, string or Vector at one step, else Matrix. A range vector is a Matrix of samples: at
  // one step those of the window, else all that the windows slide over.
  QueryResult result;
  size_t series_left_out = 0;
  bool is_thinned = false;  // Some series have more points than are shown.

  // At one instant only, but for the matching table.
  std::optional<SelectorFacts> selector;
  std::optional<WindowFacts> window;
  std::vector<RateSteps> rates;
  std::vector<QuantileSteps> quantiles;
  std::optional<MatchingTable> matching;
};

struct Explanation {
  std::vector<ExplainNode> nodes;  // The root first, parents before children, in reading order.
  Annotations annotations;         // Of all nodes.
  QueryStatistics statistics;
};

// Explains `expr` over `range`, where start == end is an instant query. A node's failure stays in
// the node. The whole explanation keeps to the budget of one query: time, samples held, and as many
// samples read or computed as options.samples_max; nodes that come after that fail with Limit.
// Fails with BadData as evaluate_range() does, and with Limit for more than kExplainNodesMax nodes.
Result<Explanation> explain(const Expr& expr, const QueryRange& range, const SampleSource& store,
                            Executor& executor, const EngineOptions& options,
                            const ExplainOptions& explain_options = {});

// What explain() will ask of the store, so that it can be fetched before. Fails as explain() does.
Result<std::vector<Selection>> explain_selections(const Expr& expr, const QueryRange& range,
                                                  const EngineOptions& options);

// One sentence about what a node is, in terms of its children. Durations that depend on the query's
// step are written as code.
std::string reading(const Expr& expr);

}  // namespace promenade::promql
