// Lists in header fields are split at commas, their members at semicolons (RFC 9110, 5.6 and 12.4).
#include "native/http_fields.h"

#include <fmt/format.h>

#include <ctime>

#include "base/strings.h"

namespace promenade::native {
namespace {

// q=0, q=0.0, q=0.000
bool is_refused(std::string_view parameters) {
  const size_t q = parameters.find("q=");
  if (q == parameters.npos) return false;
  const std::string_view weight = trim(parameters.substr(q + 2));
  return !weight.empty() && weight.find_first_not_of("0.") == weight.npos;
}

}  // namespace

bool accepts_encoding(std::string_view accept_encoding, std::string_view coding) {
  for (const std::string_view member : split(accept_encoding, ',')) {
    const size_t semicolon = member.find(';');
    if (!equal_ignoring_case(trim(member.substr(0, semicolon)), coding)) continue;
    return semicolon == member.npos || !is_refused(member.substr(semicolon));
  }
  return false;
}

bool names_entity_tag(std::string_view if_none_match, std::string_view tag) {
  for (std::string_view member : split(if_none_match, ',')) {
    member = trim(member);
    if (member.substr(0, 2) == "W/") member.remove_prefix(2);
    if (member == tag || member == "*") return true;
  }
  return false;
}

std::string http_date(int64_t seconds_since_epoch) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(seconds_since_epoch);
  std::tm date{};
  gmtime_r(&seconds, &date);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[date.tm_wday], date.tm_mday,
                     kMonths[date.tm_mon], date.tm_year + 1900, date.tm_hour, date.tm_min,
                     date.tm_sec);
}

}  // namespace promenade::native
