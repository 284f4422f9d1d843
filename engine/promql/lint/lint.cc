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

// Several rules ask for the same series, and each asks again for every node around it. Rules look
// at every series that they are given. When all of them together have been given as many as they
// may, those that come later learn that nothing is known, and are silent.
class CachedKnowledge final : public LintKnowledge {
 public:
  CachedKnowledge(const LintOptions& options, LintWork& work)
      : source_(options.knowledge), is_over_(options.is_over), work_(work) {}

  std::optional<MetricType> metric_type(std::string_view family) const override {
    return source_ ? source_->metric_type(family) : std::nullopt;
  }
  std::optional<Duration> scrape_interval() const override {
    return source_ ? source_->scrape_interval() : std::nullopt;
  }
  std::optional<std::vector<const Labels*>> series(
      std::span<const Matcher> matchers) const override {
    if (!source_ || is_exhausted_ || is_over()) return std::nullopt;
    const auto [entry, is_new] = series_.try_emplace(selection_key(matchers));
    if (is_new) entry->second = source_->series(matchers);
    if (!entry->second) return std::nullopt;
    is_exhausted_ = work_.series + entry->second->size() > LintWork::kSeriesMax;
    if (is_exhausted_) return std::nullopt;
    work_.series += entry->second->size();
    return entry->second;
  }
  std::vector<std::string> metric_names() const override {
    if (source_ && !metric_names_) metric_names_ = source_->metric_names();
    return metric_names_.value_or(std::vector<std::string>());
  }

  bool is_over() const { return is_over_ && is_over_(); }

 private:
  const LintKnowledge* source_;
  const std::function<bool()>& is_over_;
  LintWork& work_;
  mutable std::map<std::string, std::optional<std::vector<const Labels*>>> series_;
  mutable bool is_exhausted_ = false;
  mutable std::optional<std::vector<std::string>> metric_names_;
};

class Walk {
 public:
  Walk(std::string_view query, const CachedKnowledge& knowledge, LintPurpose purpose,
       LintWork& work)
      : query_(query), knowledge_(knowledge), purpose_(purpose), facts_(work) {}

  void visit(const Expr& expr) {
    if (knowledge_.is_over()) return;
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
  const CachedKnowledge& knowledge_;
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
  LintWork uncounted;
  LintWork& work = options.work ? *options.work : uncounted;
  const CachedKnowledge knowledge(options, work);
  Walk walk(query, knowledge, options.purpose, work);
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
