#pragma once  // engine/exposition/text_parser.h
// Reads Prometheus's text format 0.0.4 / 1.0.0, a line at a time and without allocating for a
// sample: the caller pulls entries and decodes labels only of series it has not met before.
// Accepts and rejects what Prometheus 3 does, in its words (model/textparse/promparse.go).
//
//   TextParser parser(body);
//   for (;;) {
//     switch (TRY(parser.next())) {
//       case EntryKind::Series: cache.find(parser.series()) ... parser.labels() ...
//       case EntryKind::End: return {};
//     }
//   }
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "exposition/text_lexer.h"
#include "model/labels.h"
#include "model/metadata.h"

namespace promenade::exposition {

enum class EntryKind {
  Series,   // series(), value(), timestamp_ms(), labels().
  Type,     // family(), type().
  Help,     // family(), help().
  Unit,     // Only in OpenMetrics; the text format has no such line.
  Comment,  // Nothing to ask for.
  End,      // The text is used up. Further calls of next() answer the same.
};

class TextParser {
 public:
  // `text` must outlive the parser; its last line needs no line end.
  explicit TextParser(std::string_view text);

  // Goes to the next entry. A failure is BadData with the bytes concerned as its span and a message
  // such as `line 3, column 7: expected value after metric, got "\n" ("INVALID") while parsing:
  // "up\n"`; the parser must not be used after one.
  //
  // `expected_series` is a hint that makes repeated scrapes fast: what series() said when this
  // target last stood at the same place. If the line starts with it, it isn't lexed again.
  Result<EntryKind> next(std::string_view expected_series = {});

  // Name and labels as written, a key for a cache of series. Valid as long as the text.
  std::string_view series() const { return series_; }
  // Whether that is the hint which next() was given.
  bool is_expected() const { return is_expected_; }
  double value() const { return value_; }
  std::optional<int64_t> timestamp_ms() const { return timestamp_ms_; }
  // The decoded labels, with __name__ and without empty values. `le` of a histogram and `quantile`
  // of a summary are normalised ("1" becomes "1.0", as in Prometheus 3), so the same series text
  // under another TYPE line may mean another series. Fails with BadData on a repeated label.
  Result<Labels> labels() const;

  // The metric family that a Type or Help entry is about. Valid as long as the text.
  std::string_view family() const { return family_; }
  // The type that the last TYPE line declared, for whatever family it was.
  MetricType type() const { return type_; }
  std::string help() const;                                         // Escapes resolved.
  std::string_view written_help() const { return metadata_text_; }  // Escapes and all.

 private:
  enum class NameState { Missing, Set };

  Result<EntryKind> read_metadata(Token keyword);
  Result<void> read_type(std::string_view text);
  Result<EntryKind> read_series(Token token);
  Result<void> read_labels();
  Result<Token> read_label_or_name(Token token);
  Result<EntryKind> read_value(Token token);
  Result<void> read_timestamp();

  tl::unexpected<Error> unexpected_token(std::string_view expected, Token got) const;
  tl::unexpected<Error> failure(const std::string& message) const;  // About the current token.
  tl::unexpected<Error> failure_in(std::string_view part, const std::string& message) const;
  std::string while_parsing(size_t end) const;

  TextLexer lexer_;
  size_t entry_start_ = 0;
  bool is_expected_ = false;
  NameState name_ = NameState::Missing;  // Whether the series at hand has its metric name.

  std::string_view series_;
  std::string_view family_;
  std::string_view metadata_text_;
  double value_ = 0;
  std::optional<int64_t> timestamp_ms_;
  MetricType type_ = MetricType::Unknown;
};

}  // namespace promenade::exposition
