// Flat lists instead of nested trees, so that a reader needs no recursion to find a node.
#include "api/explain_json.h"

#include "api/ast_json.h"
#include "api/query_request.h"
#include "api/result_json.h"
#include "model/histogram.h"
#include "promql/functions/functions.h"

namespace promenade::api {
namespace {

using namespace promql;

// In the order of Expr::node.
constexpr std::string_view kNodeTypes[] = {
    "numberLiteral", "stringLiteral", "vectorSelector", "matrixSelector", "subquery",
    "call",          "aggregation",   "binaryExpr",     "unaryExpr",      "parenExpr"};
// In the orders of NodeStatus, RateSteps::Reach and MatchEntry::Kind.
constexpr std::string_view kStatuses[] = {"evaluated", "failed", "blocked", "skipped"};
constexpr std::string_view kReaches[] = {"edge", "halfInterval", "zero"};
constexpr std::string_view kMatchKinds[] = {"matched",  "leftOnly",  "rightOnly",
                                            "manyLeft", "manyRight", "manyBoth"};

template <typename Enum>
size_t index_of(Enum value) {
  return static_cast<size_t>(value);
}

std::string_view name_of(const Expr& expr) {
  if (const auto* call = expr.as<promql::Call>()) return call->function->name;
  if (const auto* aggregate = expr.as<Aggregate>()) return to_string(aggregate->op);
  if (const auto* binary = expr.as<Binary>()) return to_string(binary->op);
  if (const auto* selector = expr.as<VectorSelector>()) return selector->name;
  if (const auto* matrix = expr.as<MatrixSelector>()) return name_of(*matrix->selector);
  if (const auto* unary = expr.as<Unary>()) return unary->negate ? "-" : "+";
  return "";
}

class ExplanationWriter {
 public:
  ExplanationWriter(JsonWriter& out, std::string_view query, bool with_timings)
      : out_(out), query_(query), with_timings_(with_timings) {}

  void write(const ExplainNode& node, size_t id) {
    out_.begin_object();
    count("id", id);
    if (node.parent) count("parent", *node.parent);
    out_.key("children");
    out_.begin_array();
    for (const size_t child : node.children) out_.unsigned_integer(child);
    out_.end_array();
    out_.field("type", kNodeTypes[node.expr->node.index()]);
    optional_text("name", name_of(*node.expr));
    out_.field("valueType", api_name(node.expr->type));
    position(node.expr->span);
    out_.field("reading", node.reading);
    out_.field("status", kStatuses[index_of(node.status)]);
    switch (node.status) {
      case NodeStatus::Evaluated:
        evaluated(node);
        break;
      case NodeStatus::Failed:
        error(node.error);
        break;
      case NodeStatus::Blocked:
        count("blockedOn", node.blocked_on);
        break;
      case NodeStatus::Skipped:
        out_.field("note", node.note);
        break;
    }
    if (node.matching) matching(*node.matching, *node.expr->as<Binary>()->matching);
    out_.end_object();
  }

 private:
  void evaluated(const ExplainNode& node) {
    out_.key("steps");
    out_.begin_object();
    time("start", node.steps.start.ms);
    time("end", node.steps.end.ms);
    number("step", node.steps.step.in_seconds());
    out_.end_object();
    flag("inSubquery", node.is_in_subquery);
    flag("constant", node.is_constant);
    count("series", node.series_count);
    if (node.series_left_out > 0) count("seriesLeftOut", node.series_left_out);
    flag("thinned", node.is_thinned);
    count("samplesRead", node.samples_read);
    count("bytes", node.bytes);
    if (with_timings_) number("seconds", static_cast<double>(node.evaluation_ns) / 1e9);
    labels(node.labels);
    texts("warnings", rendered_warnings(node.annotations, query_));
    texts("infos", rendered_infos(node.annotations, query_));
    InlineExecutor executor;
    write_result(out_, node.result, 0, executor);
    if (node.selector) selector(*node.selector);
    if (node.window) window(*node.window);
    list("rates", node.rates, [this](const RateSteps& steps) { rate(steps); });
    list("quantiles", node.quantiles, [this](const QuantileSteps& steps) { quantile(steps); });
  }

  void labels(const std::vector<LabelSummary>& summaries) {
    list("labels", summaries, [this](const LabelSummary& label) {
      out_.begin_object();
      out_.field("name", label.name);
      count("values", label.value_count);
      texts("examples", label.examples);
      out_.end_object();
    });
  }

  void error(const Error& error) {
    out_.key("error");
    out_.begin_object();
    out_.field("errorType", error_type(error.code));
    out_.field("error", error.message);
    if (error.span) position(*error.span);
    out_.end_object();
  }

  void selector(const SelectorFacts& facts) {
    out_.key("selector");
    out_.begin_object();
    time("time", facts.reference_ms);
    number("lookback", Duration{facts.lookback_ms}.in_seconds());
    out_.key("sampleTimes");
    out_.begin_array();
    for (const int64_t time_ms : facts.sample_ms) out_.sample_time(time_ms);
    out_.end_array();
    count("stale", facts.stale_count);
    count("older", facts.older_count);
    if (facts.newest_older_ms) time("newestOlder", *facts.newest_older_ms);
    out_.end_object();
  }

  void window(const WindowFacts& facts) {
    out_.key("window");
    out_.begin_object();
    time("start", facts.start_ms);
    time("end", facts.end_ms);
    out_.end_object();
  }

  void rate(const RateSteps& steps) {
    out_.begin_object();
    metric(steps.labels);
    window(steps.window);
    count("samples", steps.sample_count);
    if (steps.refusal.empty()) {
      rate_arithmetic(steps);
    } else {
      out_.field("refusal", steps.refusal);
    }
    out_.end_object();
  }

  void rate_arithmetic(const RateSteps& steps) {
    point("first", steps.first);
    point("last", steps.last);
    out_.key("resets");
    out_.begin_array();
    for (const CounterReset& reset : steps.resets) {
      out_.begin_object();
      time("time", reset.time_ms);
      value("before", reset.before);
      value("after", reset.after);
      out_.end_object();
    }
    out_.end_array();
    value("correction", steps.correction);
    value("raw", steps.raw);
    number("sampledSeconds", steps.sampled_seconds);
    number("intervalSeconds", steps.interval_seconds);
    number("gapStartSeconds", steps.gap_start_seconds);
    number("gapEndSeconds", steps.gap_end_seconds);
    number("toStartSeconds", steps.to_start_seconds);
    number("toEndSeconds", steps.to_end_seconds);
    out_.field("startReach", kReaches[index_of(steps.start_reach)]);
    out_.field("endReach", kReaches[index_of(steps.end_reach)]);
    number("factor", steps.factor);
    number("divisor", steps.divisor);
    value("result", steps.result);
  }

  void quantile(const QuantileSteps& steps) {
    out_.begin_object();
    metric(steps.labels);
    out_.key("native");
    out_.boolean(steps.is_native);
    value("quantile", steps.quantile);
    value("total", steps.total);
    value("rank", steps.rank);
    out_.key("buckets");
    out_.begin_array();
    for (const QuantileBucket& bucket : steps.buckets) {
      out_.begin_array();
      out_.sample_value(bucket.lower);
      out_.sample_value(bucket.upper);
      out_.sample_value(bucket.cumulative);
      out_.end_array();
    }
    out_.end_array();
    if (steps.monotonicity_fix != 0) value("monotonicityFix", steps.monotonicity_fix);
    if (steps.bucket) count("bucket", *steps.bucket);
    if (steps.fraction) number("fraction", *steps.fraction);
    out_.field("rule", steps.rule);
    value("result", steps.result);
    out_.end_object();
  }

  void matching(const MatchingTable& table, const VectorMatching& by) {
    out_.key("matching");
    out_.begin_object();
    time("time", table.time_ms);
    out_.field("card", cardinality_name(by.card));
    out_.key("on");
    out_.boolean(by.on);
    texts("labels", by.labels, Empty::Written);
    texts("include", by.include, Empty::Written);
    out_.key("counts");
    out_.begin_object();
    for (size_t i = 0; i < std::size(kMatchKinds); ++i) count(kMatchKinds[i], table.counts[i]);
    out_.end_object();
    out_.key("entries");
    out_.begin_array();
    for (const MatchEntry& entry : table.entries) match(entry);
    out_.end_array();
    optional_text("fix", table.fix);
    optional_text("fixReason", table.fix_reason);
    out_.end_object();
  }

  void match(const MatchEntry& entry) {
    out_.begin_object();
    out_.field("kind", kMatchKinds[index_of(entry.kind)]);
    out_.key("key");
    out_.labels(entry.key);
    count("leftCount", entry.left_count);
    elements("left", entry.left);
    count("rightCount", entry.right_count);
    elements("right", entry.right);
    optional_text("why", entry.why);
    out_.end_object();
  }

  void elements(std::string_view key, const Vector& vector) {
    out_.key(key);
    out_.begin_array();
    for (const VectorElement& element : vector) {
      out_.begin_object();
      metric(element.labels);
      const HistogramPtr& histogram = element.point.histogram;
      value("value", histogram ? histogram->count : element.point.value);
      out_.end_object();
    }
    out_.end_array();
  }

  // A member whose value is a list, unless that is empty.
  template <typename Item, typename Write>
  void list(std::string_view key, const std::vector<Item>& items, Write write) {
    if (items.empty()) return;
    out_.key(key);
    out_.begin_array();
    for (const Item& item : items) write(item);
    out_.end_array();
  }

  enum class Empty { LeftOut, Written };
  void texts(std::string_view key, const std::vector<std::string>& items,
             Empty empty = Empty::LeftOut) {
    if (items.empty() && empty == Empty::LeftOut) return;
    out_.key(key);
    out_.begin_array();
    for (const std::string& item : items) out_.string(item);
    out_.end_array();
  }

  void position(SourceSpan span) {
    out_.key("position");
    out_.begin_object();
    count("start", span.begin);
    count("end", span.end);
    out_.end_object();
  }
  void metric(const Labels& labels) {
    out_.key("metric");
    out_.labels(labels);
  }
  void point(std::string_view key, const Point& point) {
    out_.key(key);
    out_.begin_array();
    out_.sample_time(point.time_ms);
    out_.sample_value(point.value);
    out_.end_array();
  }
  void count(std::string_view key, uint64_t count) {
    out_.key(key);
    out_.unsigned_integer(count);
  }
  void number(std::string_view key, double value) {
    out_.key(key);
    out_.number(value);
  }
  void value(std::string_view key, double value) {
    out_.key(key);
    out_.sample_value(value);
  }
  void time(std::string_view key, int64_t time_ms) {
    out_.key(key);
    out_.sample_time(time_ms);
  }
  void flag(std::string_view key, bool is_set) {
    if (!is_set) return;
    out_.key(key);
    out_.boolean(true);
  }
  void optional_text(std::string_view key, std::string_view text) {
    if (!text.empty()) out_.field(key, text);
  }

  JsonWriter& out_;
  std::string_view query_;
  bool with_timings_;
};

}  // namespace

void write_explanation(JsonWriter& out, const Explanation& explanation, std::string_view query,
                       bool with_timings) {
  ExplanationWriter writer(out, query, with_timings);
  out.begin_object();
  out.key("nodes");
  out.begin_array();
  for (size_t id = 0; id < explanation.nodes.size(); ++id) writer.write(explanation.nodes[id], id);
  out.end_array();
  out.end_object();
}

}  // namespace promenade::api
