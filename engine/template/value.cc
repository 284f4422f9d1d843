// engine/template/value.cc
// The basic types, and how values are made and taken apart. Content that is not one machine word is
// shared between copies: templates pass the same lists and maps from variable to variable.
#include "template/value.h"

#include <algorithm>

#include "base/check.h"
#include "model/histogram.h"
#include "template/go_time.h"

namespace promenade::templates {

const Type kBoolType{.name = "bool", .kind = Kind::Bool};
const Type kIntType{.name = "int", .kind = Kind::Int};
const Type kInt64Type{.name = "int64", .kind = Kind::Int};
const Type kUint8Type{.name = "uint8", .kind = Kind::Int};
const Type kFloat64Type{.name = "float64", .kind = Kind::Float};
const Type kStringType{.name = "string", .kind = Kind::String};
const Type kHtmlType{.name = "template.HTML", .kind = Kind::String};
const Type kStringListType{.name = "[]string", .kind = Kind::List, .element = &kStringType};
const Type kStringMapType{.name = "map[string]string", .kind = Kind::Map, .element = &kStringType};
const Type kAnyListType{.name = "[]interface {}", .kind = Kind::List};
const Type kAnyMapType{.name = "map[string]interface {}", .kind = Kind::Map};
const Type kHistogramType{.name = "*histogram.FloatHistogram", .kind = Kind::Histogram};

Value::Value(const Type& type, Content content) : type_(&type), content_(std::move(content)) {}

Value Value::boolean(bool value) {
  return Value(kBoolType, value);
}

Value Value::integer(int64_t value, const Type& type) {
  return Value(type, value);
}

Value Value::number(double value) {
  return Value(kFloat64Type, value);
}

Value Value::text(std::string value, const Type& type) {
  return Value(type, std::make_shared<const std::string>(std::move(value)));
}

Value Value::time(Timestamp time) {
  const int64_t ms = ((time.ms % 1000) + 1000) % 1000;
  return Value::time(ZonedTime{.seconds = (time.ms - ms) / 1000,
                               .nanoseconds = static_cast<int32_t>(ms * 1'000'000)});
}

Value Value::time(ZonedTime time) {
  return Value(kTimeType, std::make_shared<const ZonedTime>(std::move(time)));
}

Value Value::duration_ns(int64_t nanoseconds) {
  return Value(kDurationType, nanoseconds);
}

Value Value::histogram(HistogramPtr histogram) {
  return Value(kHistogramType, std::move(histogram));
}

Value Value::list(List elements, const Type& type) {
  return Value(type, std::make_shared<const List>(std::move(elements)));
}

Value Value::string_list(const std::vector<std::string>& elements) {
  List list;
  for (const std::string& element : elements) list.push_back(text(element));
  return Value::list(std::move(list), kStringListType);
}

Value Value::map(Entries entries, const Type& type) {
  const auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::stable_sort(entries.begin(), entries.end(), by_key);
  Entries unique;
  for (auto& entry : entries) {
    if (!unique.empty() && unique.back().first == entry.first) unique.pop_back();
    unique.push_back(std::move(entry));
  }
  return Value(type, std::make_shared<const Entries>(std::move(unique)));
}

Value Value::labels(const Labels& labels, const Type& type) {
  Entries entries;
  for (const Label& label : labels) {
    entries.emplace_back(std::string(label.name), text(std::string(label.value)));
  }
  return map(std::move(entries), type);
}

Value Value::record(const Type& type, List fields) {
  CHECK(type.kind == Kind::Record && fields.size() == type.fields.size());
  return Value(type, std::make_shared<const List>(std::move(fields)));
}

Value Value::zero_of(const Type* type) {
  if (type == nullptr) return {};
  switch (type->kind) {
    case Kind::Bool:
      return boolean(false);
    case Kind::Int:
    case Kind::Duration:
      return Value(*type, int64_t{0});
    case Kind::Float:
      return number(0);
    case Kind::String:
      return text("", *type);
    case Kind::List:
      return list({}, *type);
    case Kind::Map:
      return map({}, *type);
    case Kind::Time:
      return time(kZeroTime);
    case Kind::Nil:
    case Kind::Record:
    case Kind::Histogram:
      break;
  }
  return {};
}

std::string_view Value::type_name() const {
  return is_nil() ? "<nil>" : type_->name;
}

bool Value::as_bool() const {
  return std::get<bool>(content_);
}
int64_t Value::as_int() const {
  return std::get<int64_t>(content_);
}
double Value::as_number() const {
  return std::get<double>(content_);
}
const std::string& Value::as_text() const {
  return *std::get<std::shared_ptr<const std::string>>(content_);
}
const Value::List& Value::as_list() const {
  return *std::get<std::shared_ptr<const List>>(content_);
}
const Value::Entries& Value::as_entries() const {
  return *std::get<std::shared_ptr<const Entries>>(content_);
}
const Value::List& Value::as_fields() const {
  return as_list();
}
const ZonedTime& Value::as_time() const {
  return *std::get<std::shared_ptr<const ZonedTime>>(content_);
}
const HistogramPtr& Value::as_histogram() const {
  return std::get<HistogramPtr>(content_);
}

const Value* Value::entry(std::string_view key) const {
  const Entries& entries = as_entries();
  const auto found = std::lower_bound(
      entries.begin(), entries.end(), key,
      [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  return found != entries.end() && found->first == key ? &found->second : nullptr;
}

const Value* Value::field(std::string_view name) const {
  const auto found = std::find(type_->fields.begin(), type_->fields.end(), name);
  if (found == type_->fields.end()) return nullptr;
  return &as_fields()[static_cast<size_t>(found - type_->fields.begin())];
}

bool Value::is_true() const {
  switch (kind()) {
    case Kind::Nil:
      return false;
    case Kind::Bool:
      return as_bool();
    case Kind::Int:
    case Kind::Duration:
      return as_int() != 0;
    case Kind::Float:
      return as_number() != 0;
    case Kind::String:
      return !as_text().empty();
    case Kind::List:
      return !as_list().empty();
    case Kind::Map:
      return !as_entries().empty();
    case Kind::Record:
    case Kind::Time:
    case Kind::Histogram:
      return true;
  }
  return false;
}

}  // namespace promenade::templates
