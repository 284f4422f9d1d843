// engine/template/regexp.cc
// RE2 and Go's regexp are the same language with other error texts; the table translates them.
#include "template/regexp.h"

#include <re2/re2.h>

#include <array>
#include <map>
#include <vector>

#include "base/ascii.h"
#include "base/strings.h"
#include "template/template.h"

namespace promenade::templates {
namespace {

using re2::RE2;
using re2::StringPiece;

// A match may look at all of the rest of the text before it decides, so many matches in a long text
// cost the square of it. This is about a second.
constexpr uint64_t kBytesSeenMax = uint64_t{1} << 28;

// Where RE2 falls back to trying all of an expression's states at each byte, time is their product.
Result<void> check_size(const RE2& regex, const std::string& text) {
  if (static_cast<uint64_t>(regex.ProgramSize()) * text.size() <= kBytesSeenMax) return {};
  return fail(ErrorCode::Limit, "the expression is too large for so long a text");
}

struct GoError {
  RE2::ErrorCode code;
  std::string_view text;
};
constexpr std::array<GoError, 13> kGoErrors = {
    {{RE2::ErrorBadEscape, "invalid escape sequence"},
     {RE2::ErrorBadCharClass, "invalid character class"},
     {RE2::ErrorBadCharRange, "invalid character class range"},
     {RE2::ErrorMissingBracket, "missing closing ]"},
     {RE2::ErrorMissingParen, "missing closing )"},
     {RE2::ErrorUnexpectedParen, "unexpected )"},
     {RE2::ErrorTrailingBackslash, "trailing backslash at end of expression"},
     {RE2::ErrorRepeatArgument, "missing argument to repetition operator"},
     {RE2::ErrorRepeatSize, "invalid repeat count"},
     {RE2::ErrorRepeatOp, "invalid nested repetition operator"},
     {RE2::ErrorBadPerlOp, "invalid or unsupported Perl syntax"},
     {RE2::ErrorBadUTF8, "invalid UTF-8"},
     {RE2::ErrorBadNamedCapture, "invalid named capture"}}};

std::string go_error(const RE2& regex) {
  std::string text = "error parsing regexp: ";
  for (const GoError& error : kGoErrors) {
    if (error.code == regex.error_code()) text += error.text;
  }
  const bool shows_nothing = regex.error_code() == RE2::ErrorTrailingBackslash;
  return text + ": `" + (shows_nothing ? "" : regex.error_arg()) + "`";
}

RE2::Options quiet() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

// The group that a name or a number means; "" for one that there is not.
StringPiece group(const std::vector<StringPiece>& groups, const std::map<std::string, int>& names,
                  std::string_view name) {
  size_t index = 0;
  for (const char c : name) {
    if (!is_digit(c)) {
      const auto found = names.find(std::string(name));
      return found == names.end() ? StringPiece() : groups[static_cast<size_t>(found->second)];
    }
    index = std::min<size_t>(index * 10 + static_cast<size_t>(c - '0'), groups.size());
  }
  return index < groups.size() ? groups[index] : StringPiece();
}

// The name after a '$', which it takes from `rest`; "" when there is none.
std::string_view take_name(std::string_view& rest) {
  const bool braced = !rest.empty() && rest.front() == '{';
  size_t end = braced ? 1 : 0;
  while (end < rest.size() && is_name_character(rest[end])) ++end;
  const std::string_view name = rest.substr(braced, end - braced);
  if (name.empty() || (braced && (end == rest.size() || rest[end] != '}'))) return {};
  rest.remove_prefix(end + (braced ? 1 : 0));
  return name;
}

// Stops once `out` is longer than `bytes_max`.
void append_replacement(std::string& out, std::string_view replacement,
                        const std::vector<StringPiece>& groups,
                        const std::map<std::string, int>& names, uint64_t bytes_max) {
  while (!replacement.empty() && out.size() <= bytes_max) {
    const size_t dollar = std::min(replacement.find('$'), replacement.size());
    out += replacement.substr(0, dollar);
    replacement.remove_prefix(dollar);
    if (replacement.empty()) return;
    replacement.remove_prefix(1);
    if (!replacement.empty() && replacement.front() == '$') {
      replacement.remove_prefix(1);
      out += '$';
    } else if (const std::string_view name = take_name(replacement); !name.empty()) {
      const StringPiece found = group(groups, names, name);
      out.append(found.data(), found.size());
    } else {
      out += '$';
    }
  }
}

}  // namespace

Result<bool> regexp_match(const std::string& pattern, const std::string& text) {
  const RE2 regex(pattern, quiet());
  if (!regex.ok()) return fail(ErrorCode::Execution, go_error(regex));
  TRY(check_size(regex, text));
  return RE2::PartialMatch(text, regex);
}

Result<std::string> regexp_replace_all(const std::string& pattern, const std::string& replacement,
                                       const std::string& text, uint64_t bytes_max) {
  const RE2 regex(pattern, quiet());
  if (!regex.ok()) {
    return fail(
        ErrorCode::Execution,
        "regexp: Compile(" +
            (pattern.find('`') == std::string::npos ? "`" + pattern + "`" : quote(pattern)) +
            "): " + go_error(regex));
  }
  TRY(check_size(regex, text));
  const std::map<std::string, int>& names = regex.NamedCapturingGroups();
  std::vector<StringPiece> groups(static_cast<size_t>(regex.NumberOfCapturingGroups()) + 1);
  std::string out;
  size_t copied = 0;        // What of the text has gone to `out`.
  uint64_t bytes_seen = 0;  // By all matches together, at worst.
  // An empty match right after another match does not count, as in Go.
  for (size_t at = 0, last_end = std::string::npos; at <= text.size();) {
    if (!regex.Match(text, at, text.size(), RE2::UNANCHORED, groups.data(),
                     static_cast<int>(groups.size()))) {
      break;
    }
    bytes_seen += text.size() - at;
    if (bytes_seen > kBytesSeenMax) {
      return fail(ErrorCode::Limit, "the expression matches too often in so long a text");
    }
    const auto begin = static_cast<size_t>(groups[0].data() - text.data());
    const size_t end = begin + groups[0].size();
    out.append(text, copied, begin - copied);
    if (end > begin || begin != last_end) {
      append_replacement(out, replacement, groups, names, bytes_max);
    }
    if (out.size() > bytes_max) {
      return fail(ErrorCode::Limit,
                  "the replacements come to more than " + std::to_string(bytes_max) + " bytes");
    }
    copied = last_end = end;
    at = end;
    if (end == begin) {
      const std::optional<CodePoint> point = decode_utf8(text, at);
      at += point ? point->size : 1;
    }
  }
  if (copied < text.size()) out.append(text, copied, std::string::npos);
  return out;
}

Result<Value> run_match(const Environment&, std::span<const Value> arguments) {
  return Value::boolean(TRY(regexp_match(arguments[0].as_text(), arguments[1].as_text())));
}

Result<Value> run_re_replace_all(const Environment& environment, std::span<const Value> arguments) {
  return Value::text(
      TRY(regexp_replace_all(arguments[0].as_text(), arguments[1].as_text(), arguments[2].as_text(),
                             environment.limits.output_bytes_max)));
}

}  // namespace promenade::templates
