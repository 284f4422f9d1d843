// engine/template/builtins.cc
// After Go's text/template/funcs.go: what compares with what, and the words of its errors.
#include "template/builtins.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/strings.h"
#include "template/go_format.h"
#include "template/template.h"

namespace promenade::templates {
namespace {

using Arguments = std::span<const Value>;

// Kinds as far as comparison goes. A duration or a month is an integer to Go.
enum class Basic : uint8_t { None, Bool, Int, Uint, Float, String };

Basic basic_kind(const Value& value) {
  switch (value.kind()) {
    case Kind::Bool:
      return Basic::Bool;
    case Kind::Int:
      return value.type() == &kUint8Type ? Basic::Uint : Basic::Int;
    case Kind::Duration:
      return Basic::Int;
    case Kind::Float:
      return Basic::Float;
    case Kind::String:
      return Basic::String;
    default:
      return Basic::None;
  }
}

bool is_integer(Basic basic) {
  return basic == Basic::Int || basic == Basic::Uint;
}

tl::unexpected<Error> fails(std::string message) {
  return fail(ErrorCode::Execution, std::move(message));
}

Result<bool> equal_records(const Value& a, const Value& b);

// Values of kinds that == knows nothing about.
Result<bool> equal_others(const Value& a, const Value& b) {
  if (a.is_nil() || b.is_nil()) return a.is_nil() && b.is_nil();
  if (a.kind() == Kind::Time && b.kind() == Kind::Time) {
    const ZonedTime &left = a.as_time(), &right = b.as_time();
    return left.seconds == right.seconds && left.nanoseconds == right.nanoseconds &&
           left.offset_seconds == right.offset_seconds;
  }
  if (a.kind() == Kind::Record && a.type() == b.type()) return equal_records(a, b);
  std::string shown;
  append_value(shown, a.kind() == b.kind() ? b : a);
  if (a.kind() != b.kind()) {
    std::string other;
    append_value(other, b);
    return fails(fmt::format("non-comparable types {}: {}, {}: {}", shown, a.type_name(),
                             b.type_name(), other));
  }
  return fails(fmt::format("non-comparable type {}: {}", shown, b.type_name()));
}

Result<bool> equal(const Value& a, const Value& b) {
  const Basic left = basic_kind(a), right = basic_kind(b);
  if (left != right && !(is_integer(left) && is_integer(right))) {
    if (a.is_nil() || b.is_nil()) return false;
    return fails("incompatible types for comparison");
  }
  switch (left) {
    case Basic::Bool:
      return a.as_bool() == b.as_bool();
    case Basic::Int:
    case Basic::Uint:
      return a.as_int() == b.as_int();
    case Basic::Float:
      return a.as_number() == b.as_number();
    case Basic::String:
      return a.as_text() == b.as_text();
    case Basic::None:
      break;
  }
  return equal_others(a, b);
}

Result<bool> equal_records(const Value& a, const Value& b) {
  for (size_t i = 0; i < a.as_fields().size(); ++i) {
    if (!TRY(equal(a.as_fields()[i], b.as_fields()[i]))) return false;
  }
  return true;
}

Result<bool> less(const Value& a, const Value& b) {
  const Basic left = basic_kind(a), right = basic_kind(b);
  constexpr const char* kBadType = "invalid type for comparison";
  if (left == Basic::None || right == Basic::None) return fails(kBadType);
  if (left != right && !(is_integer(left) && is_integer(right))) {
    return fails("incompatible types for comparison");
  }
  switch (left) {
    case Basic::Int:
    case Basic::Uint:
      return a.as_int() < b.as_int();
    case Basic::Float:
      return a.as_number() < b.as_number();
    case Basic::String:
      return a.as_text() < b.as_text();
    default:
      return fails(kBadType);
  }
}

Result<bool> less_or_equal(const Value& a, const Value& b) {
  return TRY(less(a, b)) ? true : equal(a, b);
}

Result<Value> run_eq(const Environment&, Arguments arguments) {
  if (arguments.size() < 2) return fails("missing argument for comparison");
  for (const Value& other : arguments.subspan(1)) {
    if (TRY(equal(arguments[0], other))) return Value::boolean(true);
  }
  return Value::boolean(false);
}
Result<Value> run_ne(const Environment&, Arguments arguments) {
  return Value::boolean(!TRY(equal(arguments[0], arguments[1])));
}
Result<Value> run_lt(const Environment&, Arguments arguments) {
  return Value::boolean(TRY(less(arguments[0], arguments[1])));
}
Result<Value> run_le(const Environment&, Arguments arguments) {
  return Value::boolean(TRY(less_or_equal(arguments[0], arguments[1])));
}
Result<Value> run_gt(const Environment&, Arguments arguments) {
  return Value::boolean(!TRY(less_or_equal(arguments[0], arguments[1])));
}
Result<Value> run_ge(const Environment&, Arguments arguments) {
  return Value::boolean(!TRY(less(arguments[0], arguments[1])));
}
Result<Value> run_not(const Environment&, Arguments arguments) {
  return Value::boolean(!arguments[0].is_true());
}

Result<size_t> checked_index(const Value& index, size_t size) {
  if (index.is_nil()) return fails("cannot index slice/array with nil");
  if (index.kind() != Kind::Int && index.kind() != Kind::Duration) {
    return fails("cannot index slice/array with type " + std::string(index.type_name()));
  }
  const int64_t at = index.as_int();
  if (at < 0 || static_cast<uint64_t>(at) > size) {
    return fails("index out of range: " + std::to_string(at));
  }
  return static_cast<size_t>(at);
}

// Go lets the index that equals the length through to the runtime.
tl::unexpected<Error> beyond_end(std::string_view what) {
  return fails(fmt::format("reflect: {} index out of range", what));
}

Result<Value> index_once(const Value& item, const Value& index) {
  switch (item.kind()) {
    case Kind::String: {
      const std::string& text = item.as_text();
      const size_t at = TRY(checked_index(index, text.size()));
      if (at == text.size()) return beyond_end("string");
      return Value::integer(static_cast<uint8_t>(text[at]), kUint8Type);
    }
    case Kind::List: {
      const size_t at = TRY(checked_index(index, item.as_list().size()));
      if (at == item.as_list().size()) return beyond_end("slice");
      return item.as_list()[at];
    }
    case Kind::Map: {
      if (index.is_nil()) return fails("value is nil; should be of type string");
      if (index.type() != &kStringType) {
        return fails(fmt::format("value has type {}; should be string", index.type_name()));
      }
      const Value* entry = item.entry(index.as_text());
      return entry != nullptr ? *entry : Value::zero_of(item.type()->element);
    }
    case Kind::Nil:
      return fails("index of nil pointer");
    default:
      return fails("can't index item of type " + std::string(item.type_name()));
  }
}

Result<Value> run_index(const Environment&, Arguments arguments) {
  if (arguments[0].is_nil()) return fails("index of untyped nil");
  Value item = arguments[0];
  for (const Value& index : arguments.subspan(1)) item = TRY(index_once(item, index));
  return item;
}

Result<Value> run_slice(const Environment&, Arguments arguments) {
  const Value& item = arguments[0];
  const Arguments indexes = arguments.subspan(1);
  if (item.is_nil()) return fails("slice of untyped nil");
  if (indexes.size() > 3) return fails(fmt::format("too many slice indexes: {}", indexes.size()));
  const bool is_text = item.kind() == Kind::String;
  if (is_text && indexes.size() == 3) return fails("cannot 3-index slice a string");
  if (!is_text && item.kind() != Kind::List) {
    return fails("can't slice item of type " + std::string(item.type_name()));
  }
  const size_t size = is_text ? item.as_text().size() : item.as_list().size();
  std::array<size_t, 3> bounds = {0, size, size};
  for (size_t i = 0; i < indexes.size(); ++i) bounds[i] = TRY(checked_index(indexes[i], size));
  for (size_t i = 0; i < 2; ++i) {
    if (bounds[i] > bounds[i + 1]) {
      return fails(fmt::format("invalid slice index: {} > {}", bounds[i], bounds[i + 1]));
    }
  }
  if (is_text) {
    return Value::text(item.as_text().substr(bounds[0], bounds[1] - bounds[0]), *item.type());
  }
  const auto begin = item.as_list().begin();
  return Value::list(
      {begin + static_cast<ptrdiff_t>(bounds[0]), begin + static_cast<ptrdiff_t>(bounds[1])},
      *item.type());
}

Result<Value> run_len(const Environment&, Arguments arguments) {
  size_t size = 0;
  switch (arguments[0].kind()) {
    case Kind::String:
      size = arguments[0].as_text().size();
      break;
    case Kind::List:
      size = arguments[0].as_list().size();
      break;
    case Kind::Map:
      size = arguments[0].as_entries().size();
      break;
    case Kind::Nil:
      return fails("reflect: call of reflect.Value.Type on zero Value");
    default:
      return fails("len of type " + std::string(arguments[0].type_name()));
  }
  return Value::integer(static_cast<int64_t>(size));
}

// No value of ours is a function.
Result<Value> run_call(const Environment&, Arguments arguments) {
  if (arguments[0].is_nil()) return fails("call of nil");
  return fails("non-function of type " + std::string(arguments[0].type_name()));
}

// What the escaping functions escape: one text as it is, else what print would write.
std::string joined(Arguments arguments) {
  if (arguments.size() == 1 && arguments[0].kind() == Kind::String) return arguments[0].as_text();
  return go_sprint(arguments);
}

Result<Value> run_html(const Environment&, Arguments arguments) {
  return Value::text(escape_html(joined(arguments)));
}
Result<Value> run_js(const Environment&, Arguments arguments) {
  return Value::text(escape_js(joined(arguments)));
}
Result<Value> run_urlquery(const Environment&, Arguments arguments) {
  return Value::text(escape_query(joined(arguments)));
}
Result<Value> run_print(const Environment&, Arguments arguments) {
  return Value::text(go_sprint(arguments));
}
Result<Value> run_println(const Environment&, Arguments arguments) {
  return Value::text(go_sprintln(arguments));
}
Result<Value> run_printf(const Environment& environment, Arguments arguments) {
  return Value::text(go_sprintf(arguments[0].as_text(), arguments.subspan(1),
                                environment.limits.output_bytes_max));
}

constexpr Function kTable[] = {
    {"and", "aa*", nullptr},
    {"call", "aa*", run_call},
    {"eq", "aa*", run_eq},
    {"ge", "aa", run_ge},
    {"gt", "aa", run_gt},
    {"html", "a*", run_html},
    {"index", "aa*", run_index},
    {"js", "a*", run_js},
    {"le", "aa", run_le},
    {"len", "a", run_len},
    {"lt", "aa", run_lt},
    {"ne", "aa", run_ne},
    {"not", "a", run_not},
    {"or", "aa*", nullptr},
    {"print", "a*", run_print},
    {"printf", "sa*", run_printf},
    {"println", "a*", run_println},
    {"slice", "aa*", run_slice},
    {"urlquery", "a*", run_urlquery},
};

struct Escape {
  char character;
  std::string_view text;
};
constexpr std::array<Escape, 6> kHtmlEscapes = {{{'"', "&#34;"},
                                                 {'\'', "&#39;"},
                                                 {'&', "&amp;"},
                                                 {'<', "&lt;"},
                                                 {'>', "&gt;"},
                                                 {'\0', "\xef\xbf\xbd"}}};
constexpr std::array<Escape, 7> kJsEscapes = {{{'\\', "\\\\"},
                                               {'\'', "\\'"},
                                               {'"', "\\\""},
                                               {'<', "\\u003C"},
                                               {'>', "\\u003E"},
                                               {'&', "\\u0026"},
                                               {'=', "\\u003D"}}};

// Null when the character stands for itself.
const Escape* escape_of(std::span<const Escape> escapes, char c) {
  const auto found = std::find_if(escapes.begin(), escapes.end(),
                                  [&](const Escape& escape) { return escape.character == c; });
  return found == escapes.end() ? nullptr : &*found;
}

}  // namespace

const std::span<const Function> kBuiltins = kTable;

const Function* find_function(std::span<const Function> functions, std::string_view name) {
  const auto found = std::find_if(functions.begin(), functions.end(),
                                  [&](const Function& function) { return function.name == name; });
  return found == functions.end() ? nullptr : &*found;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const Escape* escape = escape_of(kHtmlEscapes, c);
    out += escape != nullptr ? escape->text : std::string_view(&c, 1);
  }
  return out;
}

std::string escape_js(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const std::optional<CodePoint> point = decode_utf8(text, at);
    const std::string_view bytes = text.substr(at, point ? point->size : 1);
    at += bytes.size();
    const Escape* escape = bytes.size() == 1 ? escape_of(kJsEscapes, bytes[0]) : nullptr;
    if (escape != nullptr) {
      out += escape->text;
    } else if (point && point->value < 0x20) {
      out += fmt::format("\\u{:04X}", static_cast<uint32_t>(point->value));
    } else {
      out += bytes;
    }
  }
  return out;
}

std::string escape_query(std::string_view text) {
  constexpr std::string_view kSafe = "-_.~";
  std::string out;
  for (const char c : text) {
    const bool is_safe = is_letter(c) || is_digit(c) || kSafe.find(c) != std::string_view::npos;
    if (is_safe) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += fmt::format("%{:02X}", static_cast<uint8_t>(c));
    }
  }
  return out;
}

}  // namespace promenade::templates
