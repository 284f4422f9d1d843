// engine/promql/token.cc
// The keywords, and how messages name tokens (as Prometheus's do).
#include "promql/parser/token.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace promenade::promql {
namespace {

struct KeywordName {
  std::string_view name;
  Keyword keyword;
};
constexpr std::array kKeywords = {
    KeywordName{"anchored", Keyword::Anchored},
    KeywordName{"and", Keyword::And},
    KeywordName{"atan2", Keyword::Atan2},
    KeywordName{"avg", Keyword::Avg},
    KeywordName{"bool", Keyword::Bool},
    KeywordName{"bottomk", Keyword::Bottomk},
    KeywordName{"by", Keyword::By},
    KeywordName{"count", Keyword::Count},
    KeywordName{"count_values", Keyword::CountValues},
    KeywordName{"end", Keyword::End},
    KeywordName{"fill", Keyword::Fill},
    KeywordName{"fill_left", Keyword::FillLeft},
    KeywordName{"fill_right", Keyword::FillRight},
    KeywordName{"group", Keyword::Group},
    KeywordName{"group_left", Keyword::GroupLeft},
    KeywordName{"group_right", Keyword::GroupRight},
    KeywordName{"ignoring", Keyword::Ignoring},
    KeywordName{"limit_ratio", Keyword::LimitRatio},
    KeywordName{"limitk", Keyword::Limitk},
    KeywordName{"max", Keyword::Max},
    KeywordName{"max_of", Keyword::MaxOf},
    KeywordName{"min", Keyword::Min},
    KeywordName{"min_of", Keyword::MinOf},
    KeywordName{"offset", Keyword::Offset},
    KeywordName{"on", Keyword::On},
    KeywordName{"or", Keyword::Or},
    KeywordName{"quantile", Keyword::Quantile},
    KeywordName{"range", Keyword::Range},
    KeywordName{"smoothed", Keyword::Smoothed},
    KeywordName{"start", Keyword::Start},
    KeywordName{"stddev", Keyword::Stddev},
    KeywordName{"stdvar", Keyword::Stdvar},
    KeywordName{"step", Keyword::Step},
    KeywordName{"sum", Keyword::Sum},
    KeywordName{"topk", Keyword::Topk},
    KeywordName{"unless", Keyword::Unless},
    KeywordName{"without", Keyword::Without},
};
constexpr bool is_before(const KeywordName& a, const KeywordName& b) {
  return a.name < b.name;
}
static_assert(std::is_sorted(kKeywords.begin(), kKeywords.end(), is_before));

bool is_operator(const Token& token) {
  switch (token.kind) {
    case TokenKind::RegexMatch:
    case TokenKind::RegexNotMatch:
      return true;
    default:
      return token.kind >= TokenKind::Add;
  }
}

// As much as Prometheus shows of a literal.
std::string shorten(std::string_view text) {
  return text.size() > 10 ? quote(text.substr(0, 10)) + "..." : quote(text);
}

}  // namespace

std::string quote_shortened(std::string_view text) {
  constexpr size_t kShownMax = 60;
  return text.size() > kShownMax ? quote(text.substr(0, kShownMax)) + "..." : quote(text);
}

bool is_aggregator(Keyword keyword) {
  return keyword >= Keyword::Sum && keyword <= Keyword::LimitRatio;
}

Keyword find_keyword(std::string_view word) {
  if (word.size() > 16) return Keyword::None;
  const std::string lower = to_lower(word);
  const auto at = std::lower_bound(
      kKeywords.begin(), kKeywords.end(), lower,
      [](const KeywordName& entry, const std::string& key) { return entry.name < key; });
  return at != kKeywords.end() && at->name == lower ? at->keyword : Keyword::None;
}

std::string describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::End:
      return "end of input";
    case TokenKind::Error:
      return token.text;
    case TokenKind::Identifier:
      return fmt::format("identifier {}", quote_shortened(token.text));
    case TokenKind::MetricIdentifier:
      return fmt::format("metric identifier {}", quote_shortened(token.text));
    case TokenKind::Number:
      return fmt::format("number {}", shorten(token.text));
    case TokenKind::Duration:
      return fmt::format("duration {}", shorten(token.text));
    case TokenKind::String:
      return fmt::format("string {}", shorten(quote(std::string_view(token.text).substr(0, 60))));
    default:
      break;
  }
  if (token.is(Keyword::And) || token.is(Keyword::Or) || token.is(Keyword::Unless) ||
      token.is(Keyword::Atan2) || is_operator(token)) {
    return fmt::format("<op:{}>", token.text);
  }
  if (is_aggregator(token.keyword)) return fmt::format("<aggr:{}>", token.text);
  if (token.kind == TokenKind::Keyword) return fmt::format("<{}>", token.text);
  return quote(token.text);
}

}  // namespace promenade::promql
