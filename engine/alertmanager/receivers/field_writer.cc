// What the messages of all kinds are made with.
#include "alertmanager/receivers/kinds.h"
#include "base/sha256.h"
#include "base/strings.h"

namespace promenade::alertmanager {

std::string FieldWriter::expand(std::string_view text) {
  auto expanded = drafting_.texts.text(text);
  if (expanded) return std::move(*expanded);
  if (!error_) error_ = std::move(expanded).error();
  return "";
}

std::string FieldWriter::field(std::string_view name, size_t characters_max) {
  return truncate(expand(drafting_.config.fields.text(name)), characters_max);
}

void FieldWriter::optional(std::string_view member, std::string_view name, size_t characters_max) {
  const std::string text = field(name, characters_max);
  if (!text.empty()) json_.field(member, text);
}

void FieldWriter::required(std::string_view member, std::string_view name, size_t characters_max) {
  json_.field(member, field(name, characters_max));
}

Result<void> FieldWriter::finish() const {
  if (error_) return tl::unexpected(*error_);
  return {};
}

std::string truncate(std::string text, size_t characters_max) {
  if (characters_max == 0) return text;
  size_t count = 0;
  size_t last_start = 0;
  for (size_t at = 0; at < text.size(); ++count) {
    if (count == characters_max) {
      text.resize(last_start);
      return text + "…";
    }
    last_start = at;
    const auto point = decode_utf8(text, at);
    at += point ? point->size : 1;
  }
  return text;
}

std::string group_key_hash(const Notification& notification) {
  return sha256_hex(notification.group_key);
}

}  // namespace promenade::alertmanager
