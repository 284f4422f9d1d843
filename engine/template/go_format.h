#pragma once  // engine/template/go_format.h
// Go's fmt package on template values: what {{ . }}, print and printf write. Internal to
// engine/template.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "template/value.h"

namespace promenade::templates {

// As %v prints it.
void append_value(std::string& out, const Value& value);
// Go's Sprint: blanks between two arguments when neither is a text.
std::string go_sprint(std::span<const Value> arguments);
// Go's Sprintln: blanks between all of them, and a line end.
std::string go_sprintln(std::span<const Value> arguments);
// Go's Sprintf; wrong verbs show in the output, "%!d(string=x)". Stops adding when the text has
// more than `bytes_max` bytes.
std::string go_sprintf(std::string_view format, std::span<const Value> arguments,
                       uint64_t bytes_max);

// strconv.FormatFloat: verb is one of e E f F g G x X; a negative precision means the shortest
// digits.
void append_go_float(std::string& out, double value, char verb, int precision);

// encoding/json, with <, > and & escaped. Fails for NaN and infinities, as Go does.
Result<std::string> go_json(const Value& value);

}  // namespace promenade::templates
