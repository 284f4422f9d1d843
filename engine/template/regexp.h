#pragma once  // engine/template/regexp.h
// `match` and `reReplaceAll`, with Go's regexp on RE2: unanchored, and errors in Go's words.
// Internal to engine/template.
#include <string>

#include "base/result.h"
#include "template/value.h"

namespace promenade::templates {

// Whether the pattern occurs in the text.
Result<bool> regexp_match(const std::string& pattern, const std::string& text);
// Every occurrence replaced; $1, ${1}, $name and ${name} are its groups, $$ is a dollar. Limit when
// the result is longer than `bytes_max`, or when it takes too long.
Result<std::string> regexp_replace_all(const std::string& pattern, const std::string& replacement,
                                       const std::string& text, uint64_t bytes_max);

// Entries of function tables; both sets of functions have them.
Result<Value> run_match(const Environment& environment, std::span<const Value> arguments);
Result<Value> run_re_replace_all(const Environment& environment, std::span<const Value> arguments);

}  // namespace promenade::templates
