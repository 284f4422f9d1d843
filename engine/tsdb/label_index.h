#pragma once  // engine/tsdb/label_index.h
// From label pairs to the series that carry them. Every distinct name and value is stored once,
// each with its postings; series themselves are known by number only.
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "model/labels.h"
#include "model/matcher.h"
#include "tsdb/postings.h"

namespace promenade::tsdb {

// Hashes strings and views alike, so that looking up makes no string.
struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return static_cast<size_t>(xxh64(text)); }
};
template <typename T>
using StringMap = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;

class LabelIndex {
 public:
  // The labels of a series that is in the index.
  using LabelsOf = std::function<const Labels&(SeriesNumber)>;
  using ValueVisitor = std::function<void(std::string_view value, const Postings& series)>;

  // `series` must be greater than all before.
  void add(SeriesNumber series, const Labels& labels);
  // Forgets the series in `dropped`, and names and values that no series has any more.
  void remove(const SeriesSet& dropped);

  // The series that satisfy all matchers; all series when there is none. A matcher that
  // matches "" is satisfied by a series without the label.
  Postings select(std::span<const Matcher> matchers, const LabelsOf& labels_of) const;

  std::vector<std::string> label_names() const;                        // Sorted.
  std::vector<std::string> label_values(std::string_view name) const;  // Sorted.
  // Every value of a label in no particular order.
  void visit_values(std::string_view name, const ValueVisitor& visit) const;

 private:
  using ValueMap = StringMap<Postings>;

  const ValueMap* values_of(std::string_view name) const;
  const Postings* find(std::string_view name, std::string_view value) const;
  void narrow(Postings& candidates, const Matcher& matcher, const LabelsOf& labels_of) const;
  // The series with a value for which matches() is `matched`.
  SeriesSet series_by_match(const Matcher& matcher, const ValueMap& values, bool matched) const;

  StringMap<ValueMap> names_;
  Postings all_;
};

}  // namespace promenade::tsdb
