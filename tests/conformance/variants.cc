// tests/conformance/variants.cc
// Pins a query by inserting "@ time" behind its selectors: the spans of the tree say where.
#include "variants.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include "promql/functions/functions.h"

namespace promenade::conformance {
namespace {

using promql::Expr;
using promql::ExprPtr;

constexpr std::array<std::string_view, 4> kQueryRangeFunctions = {"start", "end", "range", "step"};
constexpr std::array<std::string_view, 15> kTimeDependentFunctions = {
    "time",        "predict_linear", "days_in_month", "day_of_month", "day_of_week",
    "day_of_year", "hour",           "minute",        "month",        "year",
    "timestamp",   "start",          "end",           "range",        "step"};

template <typename Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void for_each_child(const Expr& expr, const std::function<void(const Expr&)>& visit) {
  const auto call = [&](const ExprPtr& child) {
    if (child != nullptr) visit(*child);
  };
  if (const auto* node = expr.as<promql::MatrixSelector>()) call(node->selector);
  if (const auto* node = expr.as<promql::Subquery>()) call(node->expr);
  if (const auto* node = expr.as<promql::Unary>()) call(node->expr);
  if (const auto* node = expr.as<promql::Paren>()) call(node->expr);
  if (const auto* node = expr.as<promql::Call>()) {
    for (const ExprPtr& argument : node->args) call(argument);
  }
  if (const auto* node = expr.as<promql::Aggregate>()) {
    call(node->param);
    call(node->expr);
  }
  if (const auto* node = expr.as<promql::Binary>()) {
    call(node->left);
    call(node->right);
  }
}

// Where a pin belongs, and whether pinning is enough.
struct Pins {
  std::vector<uint32_t> offsets;
  bool depends_on_time = false;

  void add(const Expr& expr, const promql::TimeShift& shift) {
    if (shift.at == promql::TimeShift::At::None) offsets.push_back(expr.span.end);
  }
  void visit(const Expr& expr) {
    if (const auto* selector = expr.as<promql::VectorSelector>()) return add(expr, selector->shift);
    if (const auto* matrix = expr.as<promql::MatrixSelector>()) {
      return add(expr, matrix->selector->as<promql::VectorSelector>()->shift);
    }
    // Once pinned, a subquery decides the times of all that is in it.
    if (const auto* subquery = expr.as<promql::Subquery>()) return add(expr, subquery->shift);
    if (const auto* call = expr.as<promql::Call>()) {
      depends_on_time = depends_on_time || contains(kTimeDependentFunctions, call->function->name);
    }
    for_each_child(expr, [this](const Expr& child) { visit(child); });
  }
};

bool depends_on_query_range(const promql::DurationExprPtr& duration) {
  if (duration == nullptr) return false;
  using Kind = promql::DurationExpr::Kind;
  return duration->kind == Kind::Step || duration->kind == Kind::Range ||
         depends_on_query_range(duration->left) || depends_on_query_range(duration->right);
}

std::string insert_pins(std::string query, std::vector<uint32_t> offsets, Timestamp time) {
  const std::string pin = fmt::format(" @ {}{}.{:03}", time.ms < 0 ? "-" : "",
                                      std::abs(time.ms) / 1000, std::abs(time.ms) % 1000);
  std::sort(offsets.rbegin(), offsets.rend());
  for (const uint32_t offset : offsets) query.insert(offset, pin);
  return query;
}

}  // namespace

std::vector<Variant> pinned_variants(const std::string& query, const Expr& expr, Timestamp time) {
  Pins pins;
  pins.visit(expr);
  if (pins.depends_on_time) return {};
  const std::string pinned = insert_pins(query, pins.offsets, time);
  std::vector<int64_t> times_ms = {-10 * time.ms, 0, time.ms / 5, time.ms, 10 * time.ms};
  if (time.ms == 0) times_ms = {-1000, 0, 1000};
  std::vector<Variant> variants;
  for (const int64_t ms : times_ms) variants.push_back({pinned, Timestamp{ms}});
  return variants;
}

bool depends_on_query_range(const Expr& expr) {
  bool depends = false;
  if (const auto* node = expr.as<promql::Call>()) {
    depends = contains(kQueryRangeFunctions, node->function->name);
  } else if (const auto* node = expr.as<promql::VectorSelector>()) {
    depends = depends_on_query_range(node->shift.offset);
  } else if (const auto* node = expr.as<promql::MatrixSelector>()) {
    depends = depends_on_query_range(node->range);
  } else if (const auto* node = expr.as<promql::Subquery>()) {
    depends = depends_on_query_range(node->range) || depends_on_query_range(node->step) ||
              depends_on_query_range(node->shift.offset);
  }
  for_each_child(expr,
                 [&](const Expr& child) { depends = depends || depends_on_query_range(child); });
  return depends;
}

}  // namespace promenade::conformance
