#pragma once  // engine/model/labels.h
// A label set: what identifies a series. Immutable, sorted by name, names unique, no empty
// values (an empty label is an absent one, https://prometheus.io/docs/concepts/data_model/).
//
// It is one string of length-prefixed names and values, so copying costs one allocation,
// comparing and hashing one pass. The encoding of a string is its length in one byte (or 0xFF and
// three bytes, least significant first), then its bytes: Prometheus's own in-memory form, which
// makes hash() equal to Prometheus's and therefore limit_ratio() choose the same series.
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace promenade {

inline constexpr std::string_view kMetricName = "__name__";
inline constexpr std::string_view kBucketLabel = "le";

struct Label {
  std::string_view name;
  std::string_view value;

  friend bool operator==(const Label&, const Label&) = default;
};

class Labels {
 public:
  class Iterator;

  Labels() = default;
  // Sorts; drops empty values. Names must be unique (checked).
  Labels(std::initializer_list<Label> labels);
  static Labels from(std::vector<Label> labels);

  // The value, or "" when there is no such label. Valid as long as this object.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const;
  std::string_view metric_name() const { return get(kMetricName); }

  Iterator begin() const;
  Iterator end() const;
  size_t count() const;
  bool empty() const { return bytes_.empty(); }
  uint64_t hash() const;
  // The encoding described above: equal sets have equal bytes, usable as a map key.
  std::string_view bytes() const { return bytes_; }

  // The set restricted to / freed of the given names. `names` need not be sorted.
  Labels keep(const std::vector<std::string>& names) const;
  Labels drop(const std::vector<std::string>& names) const;
  Labels without_name() const;  // Without __name__.

  // As Prometheus prints a metric: up{job="x"}, {job="x"}, {}. Names that are not legacy-valid are
  // quoted: {"my.metric", "a.b"="x"}.
  std::string to_string() const;

  friend bool operator==(const Labels&, const Labels&) = default;
  // Prometheus's labels.Compare: pair by pair, bytewise; a proper prefix comes first.
  friend bool operator<(const Labels& a, const Labels& b);

 private:
  friend class LabelsBuilder;
  friend class LabelsWriter;
  std::string bytes_;
};

class Labels::Iterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = Label;
  using difference_type = std::ptrdiff_t;
  using pointer = const Label*;
  using reference = const Label&;

  Iterator() = default;
  const Label& operator*() const { return label_; }
  const Label* operator->() const { return &label_; }
  Iterator& operator++();
  Iterator operator++(int);
  friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

 private:
  friend class Labels;
  Iterator(const char* at, const char* end);
  void decode();

  const char* at_ = nullptr;    // Start of the current pair.
  const char* next_ = nullptr;  // Start of the one after.
  const char* end_ = nullptr;
  Label label_;
};

// Changes to a label set, collected and then built once.
class LabelsBuilder {
 public:
  LabelsBuilder() = default;
  explicit LabelsBuilder(const Labels& base);  // Copies; `base` may go away.

  // An empty value removes the label. Later calls win.
  LabelsBuilder& set(std::string_view name, std::string_view value);
  LabelsBuilder& remove(std::string_view name);
  std::string_view get(
      std::string_view name) const;  // "" when absent; valid until the next change.
  // Sorted by name.
  const std::vector<std::pair<std::string, std::string>>& pairs() const { return pairs_; }
  Labels build() const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

// One label set after another in the same memory, for readers that meet mostly sets that are known
// already: the fastest way to something that can be looked up.
class LabelsWriter {
 public:
  void clear();  // Begins a new set.
  // False, and nothing is added, when `name` does not come after the one before it or when either
  // is empty: such a set is for Labels::from().
  bool add(std::string_view name, std::string_view value);
  // Valid until the next change.
  const Labels& labels() const { return labels_; }

 private:
  Labels labels_;
  std::string_view last_name_;  // Borrowed from the caller, who keeps the names of one set.
};

// [a-zA-Z_:][a-zA-Z0-9_:]* and the same without ':' (the names of Prometheus before UTF-8).
bool is_legacy_metric_name(std::string_view name);
bool is_legacy_label_name(std::string_view name);

}  // namespace promenade
