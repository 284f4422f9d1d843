// engine/promql/lint/lint.cc
// The walk: every rule sees every node once, parents before children.
#include "promql/lint.h"

#include <algorithm>
#include <array>
#include <map>

#include "promql/lint/label_facts.h"
#include "promql/lint/rules.h"
#include "promql/lint/source.h"

namespace promenade::promql {
namespace {

using namespace lint_rules_detail;

std::array<std::span<const Rule>, 7> all_rules() {
  return {counter_rules(), comparison_rules(), histogram_rules(),  matcher_rules(),
          label_rules(),   range_rules(),      aggregation_rules()};
}

// Rules look at every series that they are given. When all of them together have been given so
// many, those that come later learn that nothing is known, and are silent.
constexpr size_t kSeriesGivenMax = 500'000;

// Several rules ask for the same series, and each asks again for every node around it.
class CachedKnowledge final : public LintKnowledge {
 public:
  explicit CachedKnowledge(const LintKnowledge* source) : source_(source) {}
  std::optional<MetricType> metric_type(std::string_view family) const override {
    return source_ ? source_->metric_type(family) : std::nullopt;
  }
  std::optional<Duration> scrape_interval() const override {
    return source_ ? source_->scrape_interval() : std::nullopt;
  }
  std::optional<std::vector<const Labels*>> series(
      std::span<const Matcher> matchers) const override {
    if (!source_) return std::nullopt;
    std::string key;
    for (const Matcher& matcher : matchers) key += matcher.to_string() + ",";
    const auto [entry, is_new] = series_.try_emplace(std::move(key));
    if (is_new) entry->second = source_->series(matchers);
    series_given_ += entry->second ? entry->second->size() : 0;
    return series_given_ <= kSeriesGivenMax ? entry->second : std::nullopt;
  }
  std::vector<std::string> metric_names() const override {
    if (source_ && !metric_names_) metric_names_ = source_->metric_names();
    return metric_names_.value_or(std::vector<std::string>());
  }

 private:
  const LintKnowledge* source_;
  mutable std::map<std::string, std::optional<std::vector<const Labels*>>> series_;
  mutable size_t series_given_ = 0;
  mutable std::optional<std::vector<std::string>> metric_names_;
};

class Walk {
 public:
  Walk(std::string_view query, const LintKnowledge& knowledge, LintPurpose purpose)
      : query_(query), knowledge_(knowledge), purpose_(purpose) {}

  void visit(const Expr& expr) {
    const bool is_paren = expr.as<Paren>() != nullptr;
    if (!is_paren) {
      const Site site{query_, expr, ancestors_, knowledge_, purpose_, facts_};
      for (const std::span<const Rule> rules : all_rules()) {
        for (const Rule& rule : rules) apply(rule, site);
      }
      ancestors_.push_back(&expr);
    }
    for (const Expr* child : children(expr)) visit(*child);
    if (!is_paren) ancestors_.pop_back();
  }

  std::vector<LintFinding> take_findings() { return std::move(findings_); }

 private:
  void apply(const Rule& rule, const Site& site) {
    Remarks remarks;
    rule.check(site, remarks);
    for (LintFinding& finding : remarks.findings()) {
      finding.rule = rule.id;
      finding.severity = rule.severity;
      findings_.push_back(std::move(finding));
    }
  }

  std::string_view query_;
  const LintKnowledge& knowledge_;
  LintPurpose purpose_;
  FactsMemo facts_;
  std::vector<const Expr*> ancestors_;
  std::vector<LintFinding> findings_;
};

}  // namespace

std::string_view to_string(LintSeverity severity) {
  return severity == LintSeverity::Info ? "info" : "warning";
}

std::vector<LintFinding> lint(std::string_view query, const Expr& expr,
                              const LintOptions& options) {
  if (query.size() > kLintBytesMax) return {};
  const CachedKnowledge knowledge(options.knowledge);
  Walk walk(query, knowledge, options.purpose);
  walk.visit(expr);
  std::vector<LintFinding> findings = walk.take_findings();
  std::stable_sort(findings.begin(), findings.end(),
                   [](const auto& a, const auto& b) { return a.span.begin < b.span.begin; });
  return findings;
}

std::vector<std::string_view> lint_rules() {
  std::vector<std::string_view> ids;
  for (const std::span<const Rule> rules : all_rules()) {
    for (const Rule& rule : rules) ids.push_back(rule.id);
  }
  return ids;
}

}  // namespace promenade::promql
