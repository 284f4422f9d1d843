#pragma once  // engine/promql/lint.h
// What a good colleague would say about a query that is valid: that it answers another question
// than it seems to ask, that it can never find anything, or that there is a plainer way. A remark
// is only made where it is true as far as can be known; what the linter isn't told, it is silent
// about.
//
//   StoreKnowledge knowledge(store, range);
//   for (const LintFinding& finding : lint(query, *expr, {LintPurpose::Alert, &knowledge})) ...
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/labels.h"
#include "model/metadata.h"
#include "model/queryable.h"
#include "promql/ast.h"

namespace promenade::promql {

enum class LintSeverity {
  Info,     // Right in some cases; worth a thought.
  Warning,  // Hardly what was meant.
};
std::string_view to_string(LintSeverity severity);  // "info", "warning".

// The bytes `span` of the query replaced by `replacement`.
struct TextEdit {
  SourceSpan span;
  std::string replacement;
};

struct LintFinding {
  std::string_view rule;  // "rate-of-gauge"; static storage.
  LintSeverity severity = LintSeverity::Warning;
  SourceSpan span;
  // One sentence: why, and what to do. No final full stop.
  std::string message;
  std::optional<TextEdit> edit;  // Only where the result is a query that is most likely meant.
};

// What is known besides the query. Every answer may be "nothing", and then no rule that would need
// it speaks. Answers stay valid until the store behind them changes.
class LintKnowledge {
 public:
  virtual ~LintKnowledge() = default;
  virtual std::optional<MetricType> metric_type(std::string_view) const { return std::nullopt; }
  virtual std::optional<Duration> scrape_interval() const { return std::nullopt; }
  // The label sets of the series that satisfy the matchers; nothing when they are too many.
  virtual std::optional<std::vector<const Labels*>> series(std::span<const Matcher>) const {
    return std::nullopt;
  }
  // Sorted; empty when not known.
  virtual std::vector<std::string> metric_names() const { return {}; }
};

// The knowledge that a store has in its index, with types and the scrape interval from elsewhere.
class StoreKnowledge final : public LintKnowledge {
 public:
  // More series of one selector than this are not looked at.
  static constexpr size_t kSeriesMax = 10'000;
  using TypeOf = std::function<std::optional<MetricType>(std::string_view family)>;

  // `store` must outlive the knowledge. `type_of` may be null. When `is_over`, unless that is null,
  // the store is asked no more.
  StoreKnowledge(const Queryable& store, TimeRange range, TypeOf type_of = nullptr,
                 std::optional<Duration> scrape_interval = std::nullopt,
                 std::function<bool()> is_over = nullptr);
  std::optional<MetricType> metric_type(std::string_view family) const override;
  std::optional<Duration> scrape_interval() const override { return scrape_interval_; }
  std::optional<std::vector<const Labels*>> series(std::span<const Matcher>) const override;
  std::vector<std::string> metric_names() const override;

 private:
  const Queryable& store_;
  TimeRange range_;
  TypeOf type_of_;
  std::optional<Duration> scrape_interval_;
  std::function<bool()> is_over_;
};

// What another knowledge says to everything that lint() will ask about one expression, so that the
// remarks can be found where the store can't be asked any more. Of a query with very many selectors
// only the first are known.
class RememberedKnowledge final : public LintKnowledge {
 public:
  static constexpr size_t kSelectionsMax = 200;

  // Asks `source`, whose answers must stay valid, and not for types: `type_of` is asked for these,
  // later. It may be null.
  RememberedKnowledge(const Expr& expr, const LintKnowledge& source,
                      StoreKnowledge::TypeOf type_of = nullptr);
  std::optional<MetricType> metric_type(std::string_view family) const override;
  std::optional<Duration> scrape_interval() const override { return scrape_interval_; }
  std::optional<std::vector<const Labels*>> series(std::span<const Matcher>) const override;
  std::vector<std::string> metric_names() const override { return metric_names_; }

 private:
  void remember(const Expr& expr, const LintKnowledge& source);
  void remember(std::span<const Matcher> matchers, const LintKnowledge& source);

  std::map<std::string, std::optional<std::vector<const Labels*>>> series_;
  std::vector<std::string> metric_names_;
  std::optional<Duration> scrape_interval_;
  StoreKnowledge::TypeOf type_of_;
};

// What the query is for: an alert's expression is judged otherwise than a graph's.
enum class LintPurpose { Instant, Range, Alert, Recording };

// What finding the remarks took, as far as it has limits: rules that would need more are silent.
struct LintWork {
  static constexpr uint64_t kSeriesMax = 500'000;
  static constexpr uint64_t kLabelStepsMax = 5'000'000;

  uint64_t series = 0;       // That rules were given to look at.
  uint64_t label_steps = 0;  // Comparisons of label names, about.
};

struct LintOptions {
  LintPurpose purpose = LintPurpose::Instant;
  const LintKnowledge* knowledge = nullptr;  // Null: nothing is known.
  // Asked now and then; true ends the search, with whatever was found. Null: never.
  std::function<bool()> is_over;
  LintWork* work = nullptr;  // Unless null, is told.
};

// A longer query gets no remarks: nobody reads them, and they would take long to find.
inline constexpr size_t kLintBytesMax = 16 * 1024;

// In the order of the text; equal places in the order of the rules. `expr` is parse(query).
std::vector<LintFinding> lint(std::string_view query, const Expr& expr,
                              const LintOptions& options = {});

// The names of all rules, in their order.
std::vector<std::string_view> lint_rules();

}  // namespace promenade::promql
