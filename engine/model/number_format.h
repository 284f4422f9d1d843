#pragma once  // engine/model/number_format.h
// Numbers as Prometheus writes them. All forms are the shortest that read back to the same double.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace promenade {

// Sample values in JSON: decimal, or with an exponent when |v| < 1e-6 or >= 1e21 ("1e-07",
// "1e+21"); "NaN", "+Inf", "-Inf", "-0". (Prometheus: util/jsonutil/marshal.go)
void append_json_value(std::string& out, double value);
// The same into memory of at least kJsonValueSizeMax bytes; the answer is the text's end.
inline constexpr size_t kJsonValueSizeMax = 32;
char* write_json_value(char* out, double value);
// Never an exponent: scalars in JSON, count_values, printed PromQL ("1000000000").
void append_decimal(std::string& out, double value);
// Go's %g with shortest precision: exposition text, `le` values ("1e+06", "0.005", "+Inf").
void append_go_float(std::string& out, double value);
// Go's %e with shortest precision: the values of alerts ("3.5e+00", "+Inf").
void append_go_exponent(std::string& out, double value);
// OpenMetrics form, as `le` is normalised: as above but integers get ".0" ("1.0", "1e+06", "+Inf").
void append_openmetrics_float(std::string& out, double value);
// Seconds for a JSON timestamp: no fraction when whole, else three decimals ("1700000000.050").
void append_json_timestamp(std::string& out, int64_t time_ms);
// The same into memory of at least kJsonTimestampSizeMax bytes; the answer is the text's end.
inline constexpr size_t kJsonTimestampSizeMax = 24;
char* write_json_timestamp(char* out, int64_t time_ms);

// Go's strconv.ParseFloat without hex and underscores: decimal, exponent, Inf, Infinity, NaN in any
// case, a sign. The whole text must be the number. NaN comes back as kNormalNaNBits.
Result<double> parse_float(std::string_view text);

}  // namespace promenade
