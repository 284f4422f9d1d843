#pragma once  // engine/template/value.h
// What templates compute with: values that know their Go type, because Go shows types in its
// error texts and in %v and %T, and looks methods up by type. A Type is a constant table, so a new
// kind of record with fields and methods (an alert, a query result) is data and not a class.
//
//   const Value labels = Value::labels(sample.labels);
//   const Value pair = Value::record(kPairType, {Value::text("job"), Value::text("web")});
//
// Values are immutable and cheap to copy: what is large is shared.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/labels.h"
#include "model/sample.h"

namespace promenade::templates {

class Value;
struct Environment;  // template/template.h

enum class Kind : uint8_t {
  Nil,  // Go's untyped nil, and what a missing entry of a map of anything is.
  Bool,
  Int,  // All of Go's integers; the type tells which.
  Float,
  String,
  List,
  Map,        // Keys are strings, in ascending order.
  Record,     // A struct (or a pointer to one): named fields, methods.
  Time,       // An instant with a time zone.
  Duration,   // Nanoseconds.
  Histogram,  // A native histogram; prints as PromQL prints it.
};

// A function of a template, or a method of a type (the receiver is then arguments[0]).
//
// `parameters` has a letter for each parameter, without the receiver:
//   s string   f float64   i int   b bool   a anything   S []string   t time.Time   d time.Duration
//   e an element of a query's result   E a query's result
// and after the last one '*' when it repeats (zero or more times). The arguments have been checked
// and converted before `run` sees them; only 'a' and 'e' may be Nil.
struct Function {
  std::string_view name;
  std::string_view parameters;
  // A failure ends the execution with "error calling NAME: MESSAGE".
  Result<Value> (*run)(const Environment& environment, std::span<const Value> arguments);
};

// A Go type. Types are compared by address, so each is one constant that outlives all values.
struct Type {
  std::string_view name;  // As %T prints it: "map[string]string", "template.KV", "*template.Alert".
  Kind kind = Kind::Nil;
  // Of a List or Map: the type of its elements; null means interface{}, "anything".
  const Type* element = nullptr;
  std::span<const std::string_view> fields{};  // Of a Record, in order of declaration.
  std::span<const Function> methods{};
  bool json_in_camel_case = false;  // toJson writes the field StartsAt as "startsAt".
};

extern const Type kBoolType, kIntType, kInt64Type, kUint8Type, kFloat64Type, kStringType;
extern const Type kStringListType, kStringMapType;  // []string, map[string]string
extern const Type kAnyListType, kAnyMapType;        // []interface {}, map[string]interface {}
extern const Type kTimeType, kDurationType, kMonthType, kWeekdayType;
extern const Type kHistogramType;
extern const Type kSampleType, kQueryResultType;  // An element of a query's result; a list of them.
extern const Type kHtmlType;  // template.HTML: text that is not escaped again in HTML.

// The instant 0001-01-01T00:00:00Z, Go's zero time: "this alert has not ended".
inline constexpr Timestamp kZeroTime{-62'135'596'800'000};

// An instant as a clock in some place shows it.
struct ZonedTime {
  int64_t seconds = 0;  // Since the Unix epoch.
  int32_t nanoseconds = 0;
  int32_t offset_seconds = 0;     // East of Greenwich.
  std::string zone_name = "UTC";  // The abbreviation, "CET"; "" prints as the offset.
};

class Value {
 public:
  using List = std::vector<Value>;
  using Entries = std::vector<std::pair<std::string, Value>>;

  Value() = default;  // Nil.
  static Value boolean(bool value);
  static Value integer(int64_t value, const Type& type = kIntType);
  static Value number(double value);
  static Value text(std::string value, const Type& type = kStringType);
  static Value time(Timestamp time);  // In UTC.
  static Value time(ZonedTime time);
  static Value duration_ns(int64_t nanoseconds);
  static Value histogram(HistogramPtr histogram);
  // `type` is a List.
  static Value list(List elements, const Type& type = kAnyListType);
  static Value string_list(const std::vector<std::string>& elements);
  // `type` is a Map. The entries may come in any order; of two with one key the later one counts.
  static Value map(Entries entries, const Type& type = kAnyMapType);
  static Value labels(const Labels& labels, const Type& type = kStringMapType);
  // `type` is a Record, and `fields` has a value for each of its fields.
  static Value record(const Type& type, List fields);
  // The zero value of a type: "", 0, an empty list. Nil for null.
  static Value zero_of(const Type* type);

  Kind kind() const { return type_ == nullptr ? Kind::Nil : type_->kind; }
  bool is_nil() const { return type_ == nullptr; }
  const Type* type() const { return type_; }  // Null for Nil.
  std::string_view type_name() const;         // "<nil>" for Nil.

  // The content; each may be asked only of the kind it names. What is returned by reference lives
  // as long as this value or a copy of it.
  bool as_bool() const;
  int64_t as_int() const;  // Int, and Duration in nanoseconds.
  double as_number() const;
  const std::string& as_text() const;
  const List& as_list() const;
  const Entries& as_entries() const;  // Ascending by key.
  const List& as_fields() const;      // In the order of type()->fields.
  const ZonedTime& as_time() const;
  const HistogramPtr& as_histogram() const;

  // The entry of a Map, or null.
  const Value* entry(std::string_view key) const;
  // The field of a Record, or null.
  const Value* field(std::string_view name) const;
  // Go's idea of truth: not zero, not empty, not nil. A Record or a Time is always true.
  bool is_true() const;

 private:
  using Content =
      std::variant<std::monostate, bool, int64_t, double, std::shared_ptr<const std::string>,
                   std::shared_ptr<const List>, std::shared_ptr<const Entries>,
                   std::shared_ptr<const ZonedTime>, HistogramPtr>;
  Value(const Type& type, Content content);

  const Type* type_ = nullptr;
  Content content_;
};

}  // namespace promenade::templates
