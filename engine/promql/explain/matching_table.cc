// engine/promql/explain/matching_table.cc
// Elements are matched as binary_vectors.cc does it. Where that leads nowhere, other ways to match
// them are tried out on the same elements, and the first one without trouble is proposed.
#include "promql/explain/matching_table.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "promql/evaluator/vector_matching.h"
#include "promql/explain/words.h"
#include "promql/parser/printer_parts.h"

namespace promenade::promql {
namespace {

using Kind = MatchEntry::Kind;
using Elements = std::vector<const Row*>;

bool is_many(Kind kind) {
  return kind == Kind::ManyLeft || kind == Kind::ManyRight || kind == Kind::ManyBoth;
}

// Which entries to show first.
int order_of(Kind kind) {
  if (is_many(kind)) return 0;
  return kind == Kind::LeftOnly ? 1 : kind == Kind::RightOnly ? 2 : 3;
}

Elements elements_of(const MatchSide& side) {
  Elements elements;
  for (const Row& row : side.rows) {
    if (row.present(side.step)) elements.push_back(&row);
  }
  return elements;
}

struct Pairing {
  Labels key;
  Elements left;
  Elements right;
};

std::vector<Pairing> pair_up(const VectorMatching& matching, const Elements& left,
                             const Elements& right) {
  const LabelMatching by(matching);
  std::map<std::string, size_t> numbers;
  std::vector<Pairing> pairings;
  const auto pairing_of = [&](const Row& row) -> Pairing& {
    Labels key = by.signature(row.labels);
    const auto [found, is_new] = numbers.emplace(std::string(key.bytes()), pairings.size());
    if (is_new) pairings.push_back({std::move(key), {}, {}});
    return pairings[found->second];
  };
  for (const Row* row : left) pairing_of(*row).left.push_back(row);
  for (const Row* row : right) pairing_of(*row).right.push_back(row);
  return pairings;
}

Kind kind_of(const Pairing& pairing, Cardinality card) {
  const size_t left = pairing.left.size();
  const size_t right = pairing.right.size();
  if (card != Cardinality::ManyToMany) {
    // The side that stands for one must be unique whether or not something matches it.
    const bool many_left = left > 1 && (card == Cardinality::OneToMany ||
                                        (card == Cardinality::OneToOne && right > 0));
    const bool many_right = right > 1 && card != Cardinality::OneToMany;
    if (many_left && many_right) return Kind::ManyBoth;
    if (many_left) return Kind::ManyLeft;
    if (many_right) return Kind::ManyRight;
  }
  if (right == 0) return Kind::LeftOnly;
  return left == 0 ? Kind::RightOnly : Kind::Matched;
}

// Label names that every element of a side has, but for the metric's.
std::set<std::string> common_names(const Elements& elements) {
  std::set<std::string> common;
  bool is_first = true;
  for (const Row* row : elements) {
    std::set<std::string> names;
    for (const Label& label : row->labels) {
      if (label.name != kMetricName) names.insert(std::string(label.name));
    }
    if (is_first) {
      common = std::move(names);
      is_first = false;
    } else {
      std::erase_if(common, [&](const std::string& name) { return names.count(name) == 0; });
    }
  }
  return common;
}

bool any_has(const Elements& elements, std::string_view label) {
  return std::any_of(elements.begin(), elements.end(),
                     [&](const Row* row) { return row->labels.has(label); });
}

std::string labels_code(const Labels& labels) {
  return code(labels.to_string());
}

class MatchingExplainer {
 public:
  MatchingExplainer(const Binary& binary, const MatchSide& left, const MatchSide& right,
                    const ExplainOptions& options)
      : binary_(binary),
        matching_(*binary.matching),
        left_side_(left),
        right_side_(right),
        left_(elements_of(left)),
        right_(elements_of(right)),
        options_(options) {}

  MatchingTable run(int64_t time_ms) {
    MatchingTable table;
    table.time_ms = time_ms;
    for (const Pairing& pairing : pair_up(matching_, left_, right_)) {
      const Kind kind = kind_of(pairing, matching_.card);
      size_t& count = table.counts[static_cast<size_t>(kind)];
      if (count++ < options_.series_shown_max) table.entries.push_back(entry(pairing, kind));
    }
    std::stable_sort(table.entries.begin(), table.entries.end(),
                     [](const MatchEntry& a, const MatchEntry& b) {
                       return order_of(a.kind) < order_of(b.kind);
                     });
    if (has_trouble(table)) find_fix(table);
    return table;
  }

 private:
  MatchEntry entry(const Pairing& pairing, Kind kind) const {
    MatchEntry entry;
    entry.kind = kind;
    entry.key = pairing.key;
    entry.left_count = pairing.left.size();
    entry.right_count = pairing.right.size();
    entry.left = shown(pairing.left, left_side_.step);
    entry.right = shown(pairing.right, right_side_.step);
    entry.why = why(entry);
    return entry;
  }

  std::vector<VectorElement> shown(const Elements& elements, size_t step) const {
    std::vector<VectorElement> result;
    for (const Row* row : elements) {
      if (result.size() == options_.series_shown_max) break;
      HistogramPtr histogram = row->has_histograms() ? row->histograms[step] : nullptr;
      const double value = histogram ? 0 : row->values[step];
      result.push_back({row->drop_name ? without_metric_name(row->labels) : row->labels,
                        {0, value, std::move(histogram)}});
    }
    return result;
  }

  std::string why(const MatchEntry& entry) const {
    switch (entry.kind) {
      case Kind::Matched:
        return "";
      case Kind::LeftOnly:
        return why_alone(entry.key, "left", "right", right_, matching_.fill_right);
      case Kind::RightOnly:
        return why_alone(entry.key, "right", "left", left_, matching_.fill_left);
      case Kind::ManyLeft:
        return why_many(entry.left_count, "left", "right") + lacking(entry.key);
      case Kind::ManyRight:
        return why_many(entry.right_count, "right", "left") + lacking(entry.key);
      case Kind::ManyBoth:
        break;
    }
    return concat({std::to_string(entry.left_count), " elements on the left and ",
                   std::to_string(entry.right_count),
                   " on the right agree in these labels, so it is not clear which belongs to "
                   "which.",
                   lacking(entry.key)});
  }

  static std::string why_many(size_t count, std::string_view many, std::string_view one) {
    return concat({std::to_string(count), " elements on the ", many,
                   " agree in these labels, where an element on the ", one,
                   " has room for one only."});
  }

  // Labels to match by that are not in the key are on none of its elements.
  std::string lacking(const Labels& key) const {
    std::vector<std::string> missing;
    for (const std::string& name : matching_.labels) {
      if (matching_.on && !key.has(name)) missing.push_back(name);
    }
    if (missing.empty()) return "";
    return concat(
        {" None of them has the label", missing.size() > 1 ? "s " : " ", name_list(missing), "."});
  }

  std::string why_alone(const Labels& key, std::string_view here, std::string_view there,
                        const Elements& others, const std::optional<double>& fill) const {
    std::string reason = reason_alone(key, here, there, others);
    if (fill) reason += concat({" ", decimal_words(*fill), " takes the place of its value."});
    return reason;
  }

  // The most telling difference: nothing there at all, a label that one side lacks, other values.
  std::string reason_alone(const Labels& key, std::string_view here, std::string_view there,
                           const Elements& others) const {
    if (others.empty()) return concat({"There is nothing on the ", there, "."});
    if (matching_.on) {
      for (const std::string& name : matching_.labels) {
        if (!key.has(name)) {
          return concat({"It has no label ", code(name), ", and nothing on the ", there,
                         " that agrees otherwise lacks it, too."});
        }
      }
    }
    for (const Label& label : key) {
      if (!any_has(others, label.name)) {
        return concat({"Nothing on the ", there, " has the label ", code(label.name), "."});
      }
    }
    if (!matching_.on) {
      const auto& ignored = matching_.labels;
      for (const std::string& name : common_names(others)) {
        const bool is_ignored = std::find(ignored.begin(), ignored.end(), name) != ignored.end();
        if (is_ignored || key.has(name)) continue;
        return concat({"Everything on the ", there, " has the label ", code(name),
                       ", which this element on the ", here, " has not."});
      }
    }
    return concat({"Nothing on the ", there, " has ", labels_code(key), "."});
  }

  // Elements that are missing here and there are no fault of the query; that none meet is.
  bool has_trouble(const MatchingTable& table) const {
    const auto count = [&](Kind kind) { return table.counts[static_cast<size_t>(kind)]; };
    if (count(Kind::ManyLeft) + count(Kind::ManyRight) + count(Kind::ManyBoth) > 0) return true;
    const bool may_miss = binary_.op == BinaryOp::Or || matching_.fill_left || matching_.fill_right;
    return !may_miss && count(Kind::Matched) == 0 && !left_.empty() && !right_.empty();
  }

  struct Candidate {
    VectorMatching matching;
    std::string reason;
  };

  void find_fix(MatchingTable& table) const {
    for (const Candidate& candidate : candidates()) {
      if (!is_smooth(candidate.matching)) continue;
      Binary proposal{binary_.op, nullptr, nullptr, binary_.return_bool, candidate.matching, {}};
      table.fix = binary_operator_text(proposal);
      table.fix_reason = candidate.reason;
      return;
    }
    const size_t both = table.counts[static_cast<size_t>(Kind::ManyBoth)];
    const size_t one_sided = table.counts[static_cast<size_t>(Kind::ManyLeft)] +
                             table.counts[static_cast<size_t>(Kind::ManyRight)];
    if (both + one_sided > 0) {
      table.fix_reason =
          "No labels tell these elements apart in the same way on both sides: aggregate one side "
          "first, so that it has one element for each combination of the labels to match.";
    }
  }

  // Every element finds its place, and some meet.
  bool is_smooth(const VectorMatching& matching) const {
    bool any_matched = false;
    for (const Pairing& pairing : pair_up(matching, left_, right_)) {
      const Kind kind = kind_of(pairing, matching.card);
      if (is_many(kind)) return false;
      any_matched |= kind == Kind::Matched;
    }
    return any_matched;
  }

  std::vector<Candidate> candidates() const {
    std::vector<Candidate> result;
    const bool is_set = matching_.card == Cardinality::ManyToMany;
    if (!is_set) add_grouped(matching_, result, "");
    VectorMatching shared = matching_;
    shared.on = true;
    shared.labels = shared_names();
    if (shared.labels.empty()) return result;
    // A label may not stand in on() and be copied, too.
    std::erase_if(shared.include, [&](const std::string& name) {
      return std::find(shared.labels.begin(), shared.labels.end(), name) != shared.labels.end();
    });
    const std::string reason = concat({"Both sides have ", name_list(shared.labels), "."});
    VectorMatching ungrouped = shared;
    if (!is_set) ungrouped.card = Cardinality::OneToOne;
    ungrouped.include.clear();
    result.push_back({std::move(ungrouped), reason});
    if (!is_set) add_grouped(shared, result, reason + " ");
    return result;
  }

  static void add_grouped(const VectorMatching& matching, std::vector<Candidate>& result,
                          const std::string& reason) {
    Candidate left{matching,
                   reason + "Several elements on the left may then share one on the right."};
    Candidate right{matching,
                    reason + "Several elements on the right may then share one on the left."};
    left.matching.card = Cardinality::ManyToOne;
    right.matching.card = Cardinality::OneToMany;
    if (matching.card != Cardinality::ManyToOne) result.push_back(std::move(left));
    if (matching.card != Cardinality::OneToMany) result.push_back(std::move(right));
  }

  std::vector<std::string> shared_names() const {
    const std::set<std::string> right = common_names(right_);
    std::vector<std::string> shared;
    for (const std::string& name : common_names(left_)) {
      if (right.count(name) != 0) shared.push_back(name);
    }
    return shared;
  }

  const Binary& binary_;
  const VectorMatching& matching_;
  const MatchSide& left_side_;
  const MatchSide& right_side_;
  Elements left_;
  Elements right_;
  const ExplainOptions& options_;
};

}  // namespace

MatchingTable matching_table(const Binary& binary, const MatchSide& left, const MatchSide& right,
                             int64_t time_ms, const ExplainOptions& options) {
  return MatchingExplainer(binary, left, right, options).run(time_ms);
}

}  // namespace promenade::promql
