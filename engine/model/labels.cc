// engine/model/labels.cc
// The encoding of label sets (see labels.h) and everything that walks it.
#include "model/labels.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/check.h"
#include "base/hash.h"
#include "base/strings.h"

namespace promenade {
namespace {

constexpr uint8_t kLongSize = 0xff;
// What three bytes can count. Longer names and values are cut, which needs a single label of 16
// MiB.
constexpr size_t kStringSizeMax = (1 << 24) - 1;

void append_string(std::string& out, std::string_view text) {
  text = text.substr(0, kStringSizeMax);
  const size_t size = text.size();
  if (size < kLongSize) {
    out += static_cast<char>(size);
  } else {
    out += static_cast<char>(kLongSize);
    out += static_cast<char>(size & 0xff);
    out += static_cast<char>(size >> 8 & 0xff);
    out += static_cast<char>(size >> 16);
  }
  out += text;
}

std::string_view read_string(const char*& at) {
  const auto byte = [&] { return static_cast<size_t>(static_cast<uint8_t>(*at++)); };
  size_t size = byte();
  if (size == kLongSize) {
    size = byte();
    size |= byte() << 8;
    size |= byte() << 16;
  }
  const std::string_view text(at, size);
  at += size;
  return text;
}

void append_pair(std::string& out, std::string_view name, std::string_view value) {
  append_string(out, name);
  append_string(out, value);
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void append_label(std::string& out, const Label& label) {
  out += is_legacy_label_name(label.name) ? std::string(label.name) : quote(label.name);
  out += '=';
  out += quote(label.value);
}

}  // namespace

Labels::Labels(std::initializer_list<Label> labels) : Labels(from(std::vector<Label>(labels))) {}

Labels Labels::from(std::vector<Label> labels) {
  std::sort(labels.begin(), labels.end(),
            [](const Label& a, const Label& b) { return a.name < b.name; });
  size_t size = 0;
  for (const Label& label : labels) size += label.name.size() + label.value.size() + 2;
  Labels result;
  result.bytes_.reserve(size);
  for (size_t i = 0; i < labels.size(); ++i) {
    CHECK(i == 0 || labels[i - 1].name != labels[i].name);
    if (!labels[i].value.empty()) append_pair(result.bytes_, labels[i].name, labels[i].value);
  }
  return result;
}

std::string_view Labels::get(std::string_view name) const {
  for (const Label& label : *this) {
    if (label.name == name) return label.value;
  }
  return {};
}

bool Labels::has(std::string_view name) const {
  return !get(name).empty();
}

Labels::Iterator Labels::begin() const {
  return Iterator(bytes_.data(), bytes_.data() + bytes_.size());
}

Labels::Iterator Labels::end() const {
  const char* end = bytes_.data() + bytes_.size();
  return Iterator(end, end);
}

size_t Labels::count() const {
  return static_cast<size_t>(std::distance(begin(), end()));
}

uint64_t Labels::hash() const {
  return xxh64(bytes_);
}

Labels Labels::keep(const std::vector<std::string>& names) const {
  Labels result;
  for (const Label& label : *this) {
    if (contains(names, label.name)) append_pair(result.bytes_, label.name, label.value);
  }
  return result;
}

Labels Labels::drop(const std::vector<std::string>& names) const {
  Labels result;
  for (const Label& label : *this) {
    if (!contains(names, label.name)) append_pair(result.bytes_, label.name, label.value);
  }
  return result;
}

Labels Labels::without_name() const {
  Labels result;
  const char* rest = bytes_.data();
  for (auto it = begin(); it != end(); ++it) {
    if (it->name != kMetricName) continue;
    result.bytes_.assign(bytes_.data(), it.at_);
    rest = it.next_;
    break;
  }
  result.bytes_.append(rest, bytes_.data() + bytes_.size());
  return result;
}

std::string Labels::to_string() const {
  const std::string_view name = metric_name();
  const bool plain_name = is_legacy_metric_name(name);
  std::string inside;
  if (!plain_name && !name.empty()) inside = quote(name);
  for (const Label& label : *this) {
    if (label.name == kMetricName) continue;
    if (!inside.empty()) inside += ", ";
    append_label(inside, label);
  }
  if (plain_name && inside.empty()) return std::string(name);
  return (plain_name ? std::string(name) : std::string()) + '{' + inside + '}';
}

bool operator<(const Labels& a, const Labels& b) {
  auto left = a.begin();
  auto right = b.begin();
  for (; left != a.end() && right != b.end(); ++left, ++right) {
    if (const int order = left->name.compare(right->name); order != 0) return order < 0;
    if (const int order = left->value.compare(right->value); order != 0) return order < 0;
  }
  return left == a.end() && right != b.end();
}

Labels::Iterator::Iterator(const char* at, const char* end) : at_(at), next_(at), end_(end) {
  decode();
}

void Labels::Iterator::decode() {
  if (at_ == end_) return;
  label_.name = read_string(next_);
  label_.value = read_string(next_);
}

Labels::Iterator& Labels::Iterator::operator++() {
  at_ = next_;
  decode();
  return *this;
}

Labels::Iterator Labels::Iterator::operator++(int) {
  const Iterator before = *this;
  ++*this;
  return before;
}

LabelsBuilder::LabelsBuilder(const Labels& base) {
  for (const Label& label : base) pairs_.emplace_back(label.name, label.value);
}

namespace {
template <typename Pairs>
auto find_pair(Pairs& pairs, std::string_view name) {
  return std::lower_bound(pairs.begin(), pairs.end(), name,
                          [](const auto& pair, std::string_view key) { return pair.first < key; });
}
}  // namespace

LabelsBuilder& LabelsBuilder::set(std::string_view name, std::string_view value) {
  if (value.empty()) return remove(name);
  const auto at = find_pair(pairs_, name);
  if (at != pairs_.end() && at->first == name) {
    at->second = value;
  } else {
    pairs_.emplace(at, name, value);
  }
  return *this;
}

LabelsBuilder& LabelsBuilder::remove(std::string_view name) {
  const auto at = find_pair(pairs_, name);
  if (at != pairs_.end() && at->first == name) pairs_.erase(at);
  return *this;
}

std::string_view LabelsBuilder::get(std::string_view name) const {
  const auto at = find_pair(pairs_, name);
  if (at == pairs_.end() || at->first != name) return {};
  return at->second;
}

Labels LabelsBuilder::build() const {
  Labels result;
  for (const auto& [name, value] : pairs_) append_pair(result.bytes_, name, value);
  return result;
}

void LabelsWriter::clear() {
  labels_.bytes_.clear();
  last_name_ = {};
}

bool LabelsWriter::add(std::string_view name, std::string_view value) {
  if (name <= last_name_ || value.empty()) return false;
  append_pair(labels_.bytes_, name, value);
  last_name_ = name;
  return true;
}

bool is_legacy_metric_name(std::string_view name) {
  if (name.empty() || is_digit(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return is_name_character(c) || c == ':'; });
}

bool is_legacy_label_name(std::string_view name) {
  return is_legacy_metric_name(name) && name.find(':') == std::string_view::npos;
}

}  // namespace promenade
