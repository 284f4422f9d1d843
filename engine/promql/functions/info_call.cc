// info(): joins metrics with the labels of info series (target_info and the like) of the same
// instance and job (Prometheus's promql/info.go). Which info series belong to a base series is
// worked out once; which of them is the current one may change from step to step.
#include <array>
#include <map>
#include <set>
#include <string>

#include "promql/evaluator/selector.h"
#include "promql/functions/special_calls.h"

namespace promenade::promql {
namespace {

constexpr std::array<std::string_view, 2> kIdentifying = {"instance", "job"};

// What the second argument asks for.
struct InfoSelector {
  std::vector<Matcher> names;  // Which info metrics; at least one.
  std::vector<Matcher> data;   // Which of their labels.

  std::vector<Matcher> all() const {
    std::vector<Matcher> matchers = names;
    matchers.insert(matchers.end(), data.begin(), data.end());
    return matchers;
  }
  bool is_info_metric(std::string_view name) const {
    for (const Matcher& matcher : names) {
      if (!matcher.matches(name)) return false;
    }
    return true;
  }
  bool wants(std::string_view label) const {
    if (label == kMetricName) return false;
    if (data.empty()) return true;
    for (const Matcher& matcher : data) {
      if (matcher.name() == label) return true;
    }
    return false;
  }
  // Whether a base series without any info series passes.
  bool allows_none() const {
    for (const Matcher& matcher : data) {
      if (!matcher.matches_empty()) return false;
    }
    return true;
  }
};

Result<InfoSelector> read_selector(const Call& call) {
  InfoSelector selector;
  bool has_positive = false;
  if (call.args.size() > 1) {
    const auto& written = *strip_parens(*call.args[1]).as<VectorSelector>();
    for (const Matcher& matcher : written.matchers) {
      if (matcher.name() != kMetricName) {
        selector.data.push_back(matcher);
        continue;
      }
      selector.names.push_back(matcher);
      has_positive =
          has_positive || matcher.type() == MatchType::Equal || matcher.type() == MatchType::Regex;
    }
  }
  if (selector.names.empty()) {
    selector.names.push_back(Matcher::equal(std::string(kMetricName), "target_info"));
  } else if (!has_positive) {
    selector.names.push_back(
        TRY(Matcher::create(MatchType::Regex, std::string(kMetricName), ".+_info")));
  }
  return selector;
}

// The time shift that the info series share with the first selector of the first argument: nested
// subqueries add their offsets until an `@` settles it.
class ShiftSearch {
 public:
  explicit ShiftSearch(const Preparation& preparation) : preparation_(preparation) {}

  // Whether `expr` holds a selector; `shift` is then its.
  bool find(const Expr& expr) {
    return std::visit([this](const auto& node) { return find_in(node); }, expr.node);
  }
  ResolvedShift shift;

 private:
  bool find_in(const NumberLiteral&) { return false; }
  bool find_in(const StringLiteral&) { return false; }
  bool find_in(const VectorSelector& selector) {
    shift = preparation_.shift(selector.shift);
    return true;
  }
  bool find_in(const MatrixSelector& matrix) { return find(*matrix.selector); }
  bool find_in(const Subquery& subquery) {
    if (!find(*subquery.expr)) return false;
    if (shift.pinned_ms) return true;
    const ResolvedShift outer = preparation_.shift(subquery.shift);
    shift.offset_ms += outer.offset_ms;
    shift.pinned_ms = outer.pinned_ms;
    return true;
  }
  bool find_in(const Call& call) {
    for (const ExprPtr& argument : call.args) {
      if (find(*argument)) return true;
    }
    return false;
  }
  bool find_in(const Aggregate& aggregate) {
    return find(*aggregate.expr) || (aggregate.param && find(*aggregate.param));
  }
  bool find_in(const Binary& binary) { return find(*binary.left) || find(*binary.right); }
  bool find_in(const Unary& unary) { return find(*unary.expr); }
  bool find_in(const Paren& paren) { return find(*paren.expr); }

  const Preparation& preparation_;
};

// What info series and base series are joined by, for one info metric.
std::string join_key(std::string_view info_metric, const Labels& labels) {
  LabelsBuilder key;
  key.set(kMetricName, info_metric);
  for (const std::string_view name : kIdentifying) key.set(name, labels.get(name));
  return std::string(key.build().bytes());
}

class InfoJoin {
 public:
  InfoJoin(const EvaluationContext& context, const InfoSelector& selector, const LookupPlan& plan)
      : context_(context), selector_(selector), plan_(plan) {}

  Result<std::vector<Row>> run(std::vector<Row> base) {
    std::vector<bool> is_info;
    for (const Row& row : base) {
      is_info.push_back(selector_.is_info_metric(row.labels.metric_name()));
    }
    TRY(read_info(base, is_info));
    TRY(find_winners(base));
    for (size_t i = 0; i < base.size(); ++i) {
      if (is_info[i]) {
        results_.push_back(std::move(base[i]));
      } else {
        TRY(enrich(base[i]));
      }
    }
    TRY(merge_equal_rows(results_));
    return std::move(results_);
  }

 private:
  // Info series with equal keys; at each step the one with the newest sample wins.
  struct Group {
    std::vector<size_t> members;
    std::vector<int> winner;  // Of info_, one a step; -1 for none.
  };

  Result<void> read_info(const std::vector<Row>& base, const std::vector<bool>& is_info) {
    std::map<std::string_view, std::set<std::string_view>> wanted;
    for (size_t i = 0; i < base.size(); ++i) {
      if (is_info[i]) continue;
      for (const std::string_view name : kIdentifying) {
        const std::string_view value = base[i].labels.get(name);
        if (!value.empty()) wanted[name].insert(value);
      }
    }
    if (wanted.empty()) return {};
    const std::vector<Matcher> matchers = selector_.all();
    const TimeRange range = lookup_range(context_, plan_);
    for (const SelectedSeries& series : TRY(context_.store.select(matchers, range))) {
      bool is_wanted = true;
      for (const auto& [name, values] : wanted) {
        if (values.count(series.labels->get(name)) == 0) is_wanted = false;
      }
      if (is_wanted) TRY(read_one(series, range));
    }
    return {};
  }

  // The row's values are the times of its samples.
  Result<void> read_one(const SelectedSeries& series, TimeRange range) {
    SampleColumns samples;
    TRY(context_.store.read(series.ref, range, samples));
    Row row;
    reset_row(row, plan_.grid.count);
    look_up(context_, samples, plan_, row);
    if (row.has_histograms()) {
      return fail(ErrorCode::Execution, "this should be an info metric, with float samples: " +
                                            series.labels->to_string());
    }
    LookupPlan times = plan_;
    times.value = SelectedValue::TimestampSeconds;
    reset_row(row, plan_.grid.count);
    look_up(context_, samples, times, row);
    if (!has_samples(row)) return {};
    row.labels = *series.labels;
    const std::string name(row.labels.metric_name());
    info_names_.insert(name);
    groups_[join_key(name, row.labels)].members.push_back(info_.size());
    info_.push_back(std::move(row));
    return {};
  }

  Result<void> find_winners(const std::vector<Row>& base) {
    for (auto& [key, group] : groups_) {
      group.winner.assign(plan_.grid.count, -1);
      for (size_t step = 0; step < plan_.grid.count; ++step) {
        TRY(find_winner(base, group, step));
      }
    }
    return {};
  }

  Result<void> find_winner(const std::vector<Row>& base, Group& group, size_t step) {
    int& winner = group.winner[step];
    for (const size_t member : group.members) {
      const double time = info_[member].values[step];
      if (is_absent(time)) continue;
      if (winner >= 0) {
        const double best = info_[static_cast<size_t>(winner)].values[step];
        if (time < best) continue;
        if (time == best && any_present(base, step)) {
          return duplicate_error(info_[static_cast<size_t>(winner)].labels, info_[member].labels,
                                 time);
        }
      }
      winner = static_cast<int>(member);
    }
    return {};
  }

  static bool any_present(const std::vector<Row>& rows, size_t step) {
    for (const Row& row : rows) {
      if (row.present(step)) return true;
    }
    return false;
  }

  static tl::unexpected<Error> duplicate_error(const Labels& first, const Labels& second,
                                               double time_seconds) {
    const std::string at = " @ " + std::to_string(static_cast<int64_t>(time_seconds * 1000));
    return fail(ErrorCode::Execution, "found duplicate series for info metric: existing " +
                                          first.to_string() + at + ", new " + second.to_string() +
                                          at);
  }

  // Distributes a base series over rows by the info series that are current at each step.
  Result<void> enrich(const Row& base) {
    std::vector<const Group*> groups;
    for (const std::string& name : info_names_) {
      const auto found = groups_.find(join_key(name, base.labels));
      if (found != groups_.end()) groups.push_back(&found->second);
    }
    std::map<std::vector<int>, size_t> row_of;  // By the winners.
    std::vector<int> winners(groups.size());
    for (size_t step = 0; step < plan_.grid.count; ++step) {
      if (!base.present(step)) continue;
      bool any_winner = false;
      for (size_t i = 0; i < groups.size(); ++i) {
        winners[i] = groups[i]->winner[step];
        any_winner = any_winner || winners[i] >= 0;
      }
      if (!any_winner && !selector_.allows_none()) continue;
      auto found = row_of.find(winners);
      if (found == row_of.end()) {
        Row row;
        reset_row(row, plan_.grid.count);
        row.labels = TRY(enriched(base.labels, winners));
        row.drop_name = base.drop_name;
        found = row_of.emplace(winners, results_.size()).first;
        results_.push_back(std::move(row));
      }
      Row& row = results_[found->second];
      if (is_absent(base.values[step])) {
        row.set_histogram(step, base.histograms[step]);
      } else {
        row.values[step] = base.values[step];
      }
    }
    return {};
  }

  Result<Labels> enriched(const Labels& base, const std::vector<int>& winners) const {
    LabelsBuilder added;
    for (const int winner : winners) {
      if (winner < 0) continue;
      for (const Label& label : info_[static_cast<size_t>(winner)].labels) {
        if (!selector_.wants(label.name)) continue;
        const std::string_view present = added.get(label.name);
        if (!present.empty() && present != label.value) {
          return fail(ErrorCode::Execution, "conflicting label: " + std::string(label.name));
        }
        if (!base.has(label.name)) added.set(label.name, label.value);
      }
    }
    LabelsBuilder builder(base);
    for (const auto& [name, value] : added.pairs()) builder.set(name, value);
    return builder.build();
  }

  const EvaluationContext& context_;
  const InfoSelector& selector_;
  LookupPlan plan_;
  std::vector<Row> info_;
  std::set<std::string> info_names_;
  std::map<std::string, Group> groups_;  // By join key.
  std::vector<Row> results_;
};

}  // namespace

Result<std::vector<Matcher>> info_matchers(const Call& call) {
  return TRY(read_selector(call)).all();
}

Result<std::vector<Row>> info_rows(const EvaluationContext& context, const Call& call,
                                   std::vector<Row> rows, const StepGrid& grid) {
  const InfoSelector selector = TRY(read_selector(call));
  ShiftSearch search(context.preparation);
  search.find(*call.args.front());
  const LookupPlan plan{grid, search.shift, SelectedValue::Sample};
  return InfoJoin(context, selector, plan).run(std::move(rows));
}

}  // namespace promenade::promql
