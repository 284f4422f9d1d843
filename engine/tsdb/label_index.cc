// engine/tsdb/label_index.cc
// Selecting works from the cheapest condition to the dearest: equalities are intersected first, the
// shortest list leading; what remains narrows those candidates, either by looking at the
// candidates' own labels or by trying every value of the label once, whichever are fewer.
#include "tsdb/label_index.h"

#include <algorithm>

namespace promenade::tsdb {
namespace {

bool is_lookup(const Matcher& matcher) {
  return matcher.type() == MatchType::Equal && !matcher.value().empty();
}

template <typename Map>
std::vector<std::string> sorted_keys(const Map& map) {
  std::vector<std::string> keys;
  keys.reserve(map.size());
  for (const auto& [key, value] : map) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

void LabelIndex::add(SeriesNumber series, const Labels& labels) {
  all_.push_back(series);
  for (const Label& label : labels) {
    auto name = names_.find(label.name);
    if (name == names_.end()) name = names_.emplace(label.name, ValueMap()).first;
    auto value = name->second.find(label.value);
    if (value == name->second.end()) value = name->second.emplace(label.value, Postings()).first;
    value->second.push_back(series);
  }
}

void LabelIndex::remove(const SeriesSet& dropped) {
  filter(all_, dropped, Keep::Others);
  for (auto name = names_.begin(); name != names_.end();) {
    ValueMap& values = name->second;
    for (auto value = values.begin(); value != values.end();) {
      filter(value->second, dropped, Keep::Others);
      value = value->second.empty() ? values.erase(value) : std::next(value);
    }
    name = values.empty() ? names_.erase(name) : std::next(name);
  }
}

Postings LabelIndex::select(std::span<const Matcher> matchers, const LabelsOf& labels_of) const {
  std::vector<const Postings*> lookups;
  for (const Matcher& matcher : matchers) {
    if (!is_lookup(matcher)) continue;
    const Postings* list = find(matcher.name(), matcher.value());
    if (list == nullptr) return {};
    lookups.push_back(list);
  }
  std::sort(lookups.begin(), lookups.end(),
            [](const Postings* a, const Postings* b) { return a->size() < b->size(); });

  Postings candidates = lookups.empty() ? all_ : *lookups.front();
  for (size_t i = 1; i < lookups.size(); ++i) intersect(candidates, *lookups[i]);
  for (const Matcher& matcher : matchers) {
    if (candidates.empty()) break;
    if (!is_lookup(matcher)) narrow(candidates, matcher, labels_of);
  }
  return candidates;
}

void LabelIndex::narrow(Postings& candidates, const Matcher& matcher,
                        const LabelsOf& labels_of) const {
  const bool matches_empty = matcher.matches_empty();
  const ValueMap* values = values_of(matcher.name());
  if (values == nullptr) {
    if (!matches_empty) candidates.clear();
    return;
  }
  if (candidates.size() <= values->size()) {
    const auto unwanted = [&](SeriesNumber series) {
      return !matcher.matches(labels_of(series).get(matcher.name()));
    };
    candidates.erase(std::remove_if(candidates.begin(), candidates.end(), unwanted),
                     candidates.end());
  } else if (matches_empty) {
    // Series without the label stay, so take away those whose value fails.
    filter(candidates, series_by_match(matcher, *values, false), Keep::Others);
  } else {
    filter(candidates, series_by_match(matcher, *values, true), Keep::Members);
  }
}

SeriesSet LabelIndex::series_by_match(const Matcher& matcher, const ValueMap& values,
                                      bool matched) const {
  SeriesSet set(all_.front(), all_.back());
  // A list of literals names the matching values (of =~) or the failing ones (of !~).
  if (!matcher.literals().empty() && matched == (matcher.type() == MatchType::Regex)) {
    for (const std::string& literal : matcher.literals()) {
      if (const auto value = values.find(literal); value != values.end()) set.insert(value->second);
    }
    return set;
  }
  for (const auto& [value, series] : values) {
    if (matcher.matches(value) == matched) set.insert(series);
  }
  return set;
}

std::vector<std::string> LabelIndex::label_names() const {
  return sorted_keys(names_);
}

std::vector<std::string> LabelIndex::label_values(std::string_view name) const {
  const ValueMap* values = values_of(name);
  return values == nullptr ? std::vector<std::string>() : sorted_keys(*values);
}

void LabelIndex::visit_values(std::string_view name, const ValueVisitor& visit) const {
  const ValueMap* values = values_of(name);
  if (values == nullptr) return;
  for (const auto& [value, series] : *values) visit(value, series);
}

const LabelIndex::ValueMap* LabelIndex::values_of(std::string_view name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : &found->second;
}

const Postings* LabelIndex::find(std::string_view name, std::string_view value) const {
  const ValueMap* values = values_of(name);
  if (values == nullptr) return nullptr;
  const auto found = values->find(value);
  return found == values->end() ? nullptr : &found->second;
}

}  // namespace promenade::tsdb
