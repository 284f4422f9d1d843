// engine/promql/explain/explain.cc
// One walk over the tree, operands before operators. Each node is evaluated by the evaluator that
// evaluates queries; what its operands gave is known to it, so the whole costs little more than the
// query. The exceptions are operators that read series by themselves, such as rate() and
// sum(selector): there the operand is read once more, which keeps their results exactly those of
// the query, and is not counted twice.
#include "promql/explain.h"

#include <algorithm>

#include "promql/evaluator/evaluator.h"
#include "promql/evaluator/selections.h"
#include "promql/explain/matching_table.h"
#include "promql/explain/node_result.h"
#include "promql/explain/quantile_steps.h"
#include "promql/explain/rate_steps.h"
#include "promql/explain/reading.h"
#include "promql/explain/selector_facts.h"
#include "promql/functions/functions.h"
#include "promql/functions/range_call.h"

namespace promenade::promql {
namespace {

// A range selector is explained as one thing with the selector in it.
std::vector<const Expr*> operands_of(const Expr& expr) {
  if (expr.as<MatrixSelector>()) return {};
  return children(expr);
}

// Whether the operator reads the series of its operand by itself.
bool reads_series(const Expr& written) {
  const Expr& expr = strip_parens(written);
  if (const auto* call = expr.as<Call>()) {
    if (call->function->name.ends_with("timestamp")) {
      return strip_parens(*call->args.front()).as<VectorSelector>() != nullptr;
    }
    return range_argument(*call) >= 0;
  }
  const auto* aggregate = expr.as<Aggregate>();
  if (!aggregate || aggregate->param) return false;
  const Expr& operand = strip_parens(*aggregate->expr);
  return operand.as<VectorSelector>() || (operand.as<Call>() && reads_series(operand));
}

bool is_part_of_info(const Expr& parent, size_t argument) {
  const auto* call = parent.as<Call>();
  return call && call->function->name == "info" && argument == 1;
}

// What delayed name removal put off until the end of the query.
Result<void> remove_dropped_names(Value& value) {
  auto* vector = std::get_if<VectorValue>(&value);
  if (!vector) return {};
  bool any_dropped = false;
  for (Row& row : vector->rows) {
    if (!row.drop_name) continue;
    row.labels = without_metric_name(row.labels);
    row.drop_name = false;
    any_dropped = true;
  }
  return any_dropped ? merge_equal_rows(vector->rows) : Result<void>();
}

const std::vector<Row>* rows_of(const Value* value) {
  const auto* vector = value ? std::get_if<VectorValue>(value) : nullptr;
  return vector ? &vector->rows : nullptr;
}

// As many nodes as there are, or one more than kExplainNodesMax.
size_t count_nodes(const Expr& expr) {
  size_t count = 1;
  for (const Expr* operand : operands_of(expr)) {
    if (count > kExplainNodesMax) break;
    count += count_nodes(*operand);
  }
  return std::min(count, kExplainNodesMax + 1);
}

// What can be known before any work is done.
Result<void> check_explainable(const Expr& expr, const QueryRange& range) {
  const bool is_range = range.start != range.end;
  if (is_range && expr.type != ValueType::Scalar && expr.type != ValueType::Vector) {
    return bad_data("invalid expression type \"" + std::string(document_name(expr.type)) +
                    "\" for range query, must be Scalar or instant Vector");
  }
  if (count_nodes(expr) <= kExplainNodesMax) return {};
  return fail(ErrorCode::Limit, "the query has more than " + std::to_string(kExplainNodesMax) +
                                    " parts, which is too many to explain one by one");
}

class Explainer {
 public:
  Explainer(const SampleSource& store, Executor& executor, const EngineOptions& engine_options,
            const QueryRange& query, const Preparation& preparation, const ExplainOptions& options)
      : options_(options),
        engine_options_(engine_options),
        budget_(engine_options),
        context_{store, executor, engine_options, query, preparation, budget_, &known_} {}

  Result<Explanation> run(const Expr& root) {
    add_nodes(root, std::nullopt);
    const QueryRange& query = context_.query;
    visit(0, StepGrid{query.start.ms, query.step.ms, query.step_count()}, false);
    for (const ExplainNode& node : nodes_) explanation_.annotations.merge(node.annotations);
    explanation_.statistics = budget_.statistics();
    explanation_.nodes = std::move(nodes_);
    return std::move(explanation_);
  }

 private:
  void add_nodes(const Expr& expr, std::optional<size_t> parent) {
    const size_t id = nodes_.size();
    ExplainNode& node = nodes_.emplace_back();
    node.expr = &expr;
    node.parent = parent;
    node.reading = reading(expr, &context_.preparation);
    if (parent) nodes_[*parent].children.push_back(id);
    for (const Expr* operand : operands_of(expr)) add_nodes(*operand, id);
  }

  // Afterwards the value of the node is known, unless it is a range vector or has none. The budget
  // holds it.
  void visit(size_t id, StepGrid grid, bool in_subquery) {
    const Expr& expr = *nodes_[id].expr;
    const std::optional<size_t> parent = nodes_[id].parent;
    const bool is_within_constant =
        parent && nodes_[*parent].is_constant && !nodes_[*parent].expr->as<Subquery>();
    nodes_[id].is_constant =
        context_.preparation.is_step_invariant(expr) && (grid.count > 1 || is_within_constant);
    if (nodes_[id].is_constant) grid.count = 1;
    set_steps(nodes_[id], grid);
    nodes_[id].is_in_subquery = in_subquery;
    const uint64_t held_before = budget_.held();
    const bool is_ready = visit_operands(id, grid, in_subquery);
    if (is_ready && expr.as<Paren>()) {
      return copy_result(nodes_[nodes_[id].children.front()], nodes_[id]);
    }
    const uint64_t held_by_operands = budget_.held();
    if (is_ready) {
      const Result<void> outcome = evaluate(nodes_[id], grid);
      if (!outcome) fail_node(nodes_[id], outcome.error());
      // A subquery's operand is needed once more, by the function of the subquery.
      if (expr.as<Subquery>()) return budget_.set_held(held_by_operands);
    }
    for (const Expr* operand : operands_of(expr)) forget(*operand);
    budget_.set_held(held_before);
    if (const Value* value = known_.find(expr, grid)) hold(nodes_[id], sample_count(*value));
  }

  // False when the node itself can't be evaluated then.
  bool visit_operands(size_t id, const StepGrid& grid, bool in_subquery) {
    const Expr& expr = *nodes_[id].expr;
    StepGrid operand_grid = grid;
    if (expr.as<Subquery>()) {
      const auto plan = plan_subquery(context_, expr, grid);
      if (!plan) {
        fail_node(nodes_[id], plan.error());
        skip(nodes_[id].children.front(), "The subquery around it can't be evaluated.");
        return false;
      }
      operand_grid = plan->inner;
      in_subquery = true;
    }
    const std::vector<size_t> children = nodes_[id].children;
    for (size_t i = 0; i < children.size(); ++i) {
      if (is_part_of_info(expr, i)) {
        skip(children[i], "A description of labels and info series that info() looks up itself.");
      } else if (operand_grid.count == 0) {
        skip(children[i], "None of the subquery's steps falls into its window.");
      } else {
        visit(children[i], operand_grid, in_subquery);
      }
    }
    for (const size_t child : children) {
      const NodeStatus status = nodes_[child].status;
      if (status != NodeStatus::Failed && status != NodeStatus::Blocked) continue;
      nodes_[id].status = NodeStatus::Blocked;
      nodes_[id].blocked_on = child;
      return false;
    }
    return true;
  }

  void skip(size_t id, const std::string& note) {
    nodes_[id].status = NodeStatus::Skipped;
    nodes_[id].note = note;
    for (const size_t child : nodes_[id].children) skip(child, note);
  }

  static void set_steps(ExplainNode& node, const StepGrid& grid) {
    const size_t last = grid.count == 0 ? 0 : grid.count - 1;
    node.steps = {Timestamp{grid.start_ms}, Timestamp{grid.time_ms(last)},
                  Duration::milliseconds(grid.step_ms)};
  }

  static void fail_node(ExplainNode& node, Error error) {
    node.status = NodeStatus::Failed;
    node.error = std::move(error);
  }

  void hold(ExplainNode& node, uint64_t samples) {
    if (const auto held = budget_.hold(samples); !held) fail_node(node, held.error());
  }

  static void copy_result(const ExplainNode& from, ExplainNode& to) {
    to.series_count = from.series_count;
    to.bytes = from.bytes;
    to.labels = from.labels;
    to.result = from.result;
    to.series_left_out = from.series_left_out;
    to.is_thinned = from.is_thinned;
  }

  Result<void> evaluate(ExplainNode& node, const StepGrid& grid) {
    TRY(check_work());
    const uint64_t read_before = budget_.statistics().samples_read;
    const int64_t begun_ns = now_ns();
    Evaluator evaluator(context_);
    const Expr& expr = *node.expr;
    // Where the operator fails, the table says why.
    if (const auto* binary = expr.as<Binary>(); binary && binary->matching) {
      add_matching(*binary, node, grid);
    }
    if (expr.type == ValueType::Matrix) {
      const auto input = TRY(evaluator.evaluate_range_vector(expr, grid));
      TRY(show_range_vector(*input, is_whole_query(node), options_, node));
      if (grid.count == 1) node.window = window_of(input->plan());
    } else {
      Value value = TRY(evaluator.evaluate(expr, grid));
      if (is_whole_query(node)) TRY(remove_dropped_names(value));
      work_ += sample_count(value);
      show_value(value, grid, options_, node);
      known_.add(expr, grid, std::move(value));
    }
    node.evaluation_ns = now_ns() - begun_ns;
    node.samples_read = budget_.statistics().samples_read - read_before;
    work_ += node.samples_read;
    node.annotations = std::move(evaluator.annotations());
    if (reads_series(expr)) take_out_operands(node);
    return add_details(node, grid);
  }

  // Whether nothing but parentheses is around the node.
  bool is_whole_query(const ExplainNode& node) const {
    const ExplainNode* at = &node;
    while (at->parent && nodes_[*at->parent].expr->as<Paren>()) at = &nodes_[*at->parent];
    return !at->parent;
  }

  // The samples that were read and computed so far, which is what takes the time where there is no
  // clock to say so.
  Result<void> check_work() const {
    TRY(budget_.check_time());
    if (work_ <= engine_options_.samples_max) return {};
    return fail(ErrorCode::Limit,
                "explaining the other parts of the query took as many samples as a query may use; "
                "explain this part alone, or over less time");
  }

  int64_t now_ns() const {
    return engine_options_.monotonic_ns ? engine_options_.monotonic_ns() : 0;
  }

  static WindowFacts window_of(const WindowPlan& plan) {
    const int64_t end_ms = plan.shift.reference_ms(plan.grid.start_ms);
    return {end_ms - plan.range_ms, end_ms};
  }

  // What the operands read, took and remarked is theirs, though the operator did it again.
  void take_out_operands(ExplainNode& node) const {
    const auto id = static_cast<size_t>(&node - nodes_.data());
    uint64_t samples = 0;
    int64_t ns = 0;
    Annotations said;
    for (size_t i = id + 1; i < nodes_.size() && is_within(i, id); ++i) {
      samples += nodes_[i].samples_read;
      ns += nodes_[i].evaluation_ns;
      said.merge(nodes_[i].annotations);
    }
    node.samples_read -= std::min(samples, node.samples_read);
    node.evaluation_ns -= std::min(ns, node.evaluation_ns);
    Annotations own;
    const auto has = [](const Annotations::Entries& entries, const auto& entry) {
      const auto same_text = entries.find(entry.first);
      return same_text != entries.end() && same_text->second == entry.second;
    };
    for (const auto& entry : node.annotations.warnings()) {
      if (!has(said.warnings(), entry)) own.warn(entry.first, {entry.second, entry.second});
    }
    for (const auto& entry : node.annotations.infos()) {
      if (!has(said.infos(), entry)) own.info(entry.first, {entry.second, entry.second});
    }
    node.annotations = std::move(own);
  }

  bool is_within(size_t id, size_t ancestor) const {
    while (id > ancestor) id = *nodes_[id].parent;
    return id == ancestor;
  }

  Result<void> add_details(ExplainNode& node, const StepGrid& grid) {
    if (grid.count > 1) return {};
    const Expr& expr = *node.expr;
    const std::vector<Row>* rows = rows_of(known_.find(expr, grid));
    if (const auto* selector = expr.as<VectorSelector>();
        selector && rows && selector->edges != RangeEdges::Smoothed) {
      node.selector = TRY(selector_facts(context_, *selector, *rows, grid.start_ms, options_));
    } else if (has_rate_steps(expr)) {
      Evaluator evaluator(context_);
      const auto input = TRY(evaluator.evaluate_range_vector(*expr.as<Call>()->args.front(), grid));
      node.rates = TRY(rate_steps(context_, expr, *input, options_));
    } else if (has_quantile_steps(expr)) {
      add_quantiles(*expr.as<Call>(), node, grid);
    }
    return {};
  }

  void add_quantiles(const Call& call, ExplainNode& node, const StepGrid& grid) const {
    const Value* quantile = known_.find(strip_parens(*call.args[0]), grid);
    const std::vector<Row>* rows = rows_of(known_.find(strip_parens(*call.args[1]), grid));
    if (!quantile || !rows) return;
    node.quantiles =
        quantile_steps(std::get<ScalarValue>(*quantile).values.front(), *rows, options_);
  }

  void add_matching(const Binary& binary, ExplainNode& node, const StepGrid& grid) const {
    const std::optional<MatchSide> left = side_of(*binary.left, grid);
    const std::optional<MatchSide> right = side_of(*binary.right, grid);
    if (!left || !right) return;
    node.matching = matching_table(binary, *left, *right, grid.time_ms(grid.count - 1), options_);
  }

  // The last step of an operand, which has a single one when it is the same at all of them.
  std::optional<MatchSide> side_of(const Expr& written, const StepGrid& grid) const {
    const Expr& expr = strip_parens(written);
    if (const std::vector<Row>* rows = rows_of(known_.find(expr, grid))) {
      return MatchSide{*rows, grid.count - 1};
    }
    const StepGrid first{grid.start_ms, grid.step_ms, 1};
    const std::vector<Row>* rows = rows_of(known_.find(expr, first));
    return rows ? std::optional(MatchSide{*rows, 0}) : std::nullopt;
  }

  void forget(const Expr& written) {
    const Expr& expr = strip_parens(written);
    known_.remove(expr);
    if (const auto* subquery = expr.as<Subquery>()) forget(*subquery->expr);
  }

  ExplainOptions options_;
  const EngineOptions& engine_options_;
  QueryBudget budget_;
  KnownValues known_;
  EvaluationContext context_;
  uint64_t work_ = 0;
  std::vector<ExplainNode> nodes_;
  Explanation explanation_;
};

}  // namespace

Result<Explanation> explain(const Expr& expr, const QueryRange& range, const SampleSource& store,
                            Executor& executor, const EngineOptions& options,
                            const ExplainOptions& explain_options) {
  TRY(check_explainable(expr, range));
  const Preparation preparation = TRY(Preparation::create(expr, range));
  return Explainer(store, executor, options, range, preparation, explain_options).run(expr);
}

Result<std::vector<Selection>> explain_selections(const Expr& expr, const QueryRange& range,
                                                  const EngineOptions& options) {
  TRY(check_explainable(expr, range));
  Needs needs = TRY(needs_of(expr, range, options.lookback));
  for (Selection& selection : needs.selections) {
    selection.range.start = selection.range.start - kExplainOlderMax;
  }
  return std::move(needs.selections);
}

}  // namespace promenade::promql
