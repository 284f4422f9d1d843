// tests/fuzz/exposition.cc
// Any text that a target may send is read to its end or to an error; and the hint that makes
// repeated scrapes fast changes nothing of what is read.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "check.h"
#include "exposition/text_parser.h"

namespace promenade::exposition {
namespace {

struct Line {
  EntryKind kind;
  std::string_view series;
  double value = 0;
  std::optional<int64_t> timestamp_ms;
};

bool same_bits(double a, double b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

bool operator==(const Line& a, const Line& b) {
  return a.kind == b.kind && a.series == b.series && same_bits(a.value, b.value) &&
         a.timestamp_ms == b.timestamp_ms;
}

std::vector<Line> read(std::string_view text, const std::vector<Line>& hints) {
  std::vector<Line> lines;
  TextParser parser(text);
  while (true) {
    const std::string_view hint =
        lines.size() < hints.size() ? hints[lines.size()].series : std::string_view();
    const auto kind = parser.next(hint);
    if (!kind) {
      fuzz::require(!kind.error().message.empty(), "an error says nothing");
      return lines;
    }
    if (*kind == EntryKind::End) return lines;
    Line line{*kind, {}, 0, {}};
    if (*kind == EntryKind::Series) {
      line = {*kind, parser.series(), parser.value(), parser.timestamp_ms()};
      (void)parser.labels();
    } else if (*kind == EntryKind::Help) {
      (void)parser.help();
    }
    lines.push_back(line);
  }
}

}  // namespace
}  // namespace promenade::exposition

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace promenade::exposition;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<Line> plain = read(text, {});
  const std::vector<Line> hinted = read(text, plain);
  promenade::fuzz::require(plain == hinted, "a hint changes what is read", text);
  return 0;
}
