// A scalar's text differs from its source: quotes, escapes, the indentation of blocks, line ends
// that became blanks. All that is certain is that its visible characters stand in the source in the
// same order, so both are walked side by side.
#include "config/yaml_reader.h"

namespace promenade::config {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// Where the content of the scalar whose token stands at `at` begins.
size_t content_begin(std::string_view source, size_t at) {
  if (at >= source.size()) return source.size();
  if (source[at] == '|' || source[at] == '>') {
    const size_t line_end = source.find('\n', at);
    return line_end == std::string_view::npos ? source.size() : line_end + 1;
  }
  return source[at] == '"' || source[at] == '\'' ? at + 1 : at;
}

// "\n" and its like stand for space, which the walk passes over anyway.
bool is_escaped_space(std::string_view source, size_t at) {
  return at + 1 < source.size() && source[at] == '\\' &&
         std::string_view("ntr0 \n").find(source[at + 1]) != std::string_view::npos;
}

}  // namespace

LineColumn position_in_scalar(std::string_view file_text, const YamlNode& node, size_t offset) {
  const bool has_escapes = node.offset < file_text.size() && file_text[node.offset] == '"';
  size_t at = content_begin(file_text, node.offset);
  // The place of the last visible character at or before `offset`, or of the one that follows the
  // blanks there.
  for (size_t i = 0; i < node.text.size(); ++i) {
    if (is_space(node.text[i])) continue;
    while (at < file_text.size() && file_text[at] != node.text[i]) {
      at += has_escapes && is_escaped_space(file_text, at) ? 2 : 1;
    }
    if (i >= offset || at >= file_text.size()) return line_column(file_text, at);
    ++at;
  }
  return line_column(file_text, at);
}

}  // namespace promenade::config
