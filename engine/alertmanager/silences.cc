// The rules of changing a silence: what people saw as silenced stays true.
#include "alertmanager/silences.h"

#include <fmt/format.h>

#include <algorithm>

#include "alertmanager/snapshot.h"
#include "base/strings.h"
#include "config/alertmanager/label_matchers.h"

namespace promenade::alertmanager {
namespace {

bool are_equal(const std::vector<Matcher>& a, const std::vector<Matcher>& b) {
  return config::label_matchers_text(a) == config::label_matchers_text(b);
}

bool can_change_in_place(const Silence& from, const Silence& to, Timestamp now) {
  if (!are_equal(from.matchers, to.matchers)) return false;
  switch (from.state_at(now)) {
    case SilenceState::Active:
      return to.starts_at.ms / 1000 == from.starts_at.ms / 1000 && to.ends_at >= now;
    case SilenceState::Pending:
      return to.starts_at >= now;
    case SilenceState::Expired:
      break;
  }
  return false;
}

Result<void> validate(const Silence& silence) {
  if (silence.matchers.empty()) return bad_data("invalid silence: at least one matcher required");
  const bool all_match_empty =
      std::all_of(silence.matchers.begin(), silence.matchers.end(),
                  [](const Matcher& matcher) { return matcher.matches_empty(); });
  if (all_match_empty) {
    return bad_data("invalid silence: at least one matcher must not match the empty string");
  }
  for (size_t i = 0; i < silence.matchers.size(); ++i) {
    const std::string& name = silence.matchers[i].name();
    if (!name.empty() && is_utf8(name)) continue;
    return bad_data(fmt::format("invalid silence: invalid label matcher {}: invalid label name {}",
                                i, quote(name)));
  }
  if (silence.ends_at < silence.starts_at) {
    return bad_data("invalid silence: end time must not be before start time");
  }
  return {};
}

}  // namespace

std::string_view to_string(SilenceState state) {
  return state == SilenceState::Active    ? "active"
         : state == SilenceState::Pending ? "pending"
                                          : "expired";
}

SilenceState Silence::state_at(Timestamp time) const {
  if (time < starts_at) return SilenceState::Pending;
  return time > ends_at ? SilenceState::Expired : SilenceState::Active;
}

Result<std::string> Silences::set(Silence silence, Timestamp now) {
  const auto previous = silences_.find(silence.id);
  if (!silence.id.empty() && previous == silences_.end()) {
    return fail(ErrorCode::NotFound, "silence not found");
  }
  TRY(validate(silence));
  silence.updated_at = now;
  const bool is_in_place =
      previous != silences_.end() && can_change_in_place(previous->second, silence, now);
  if (!is_in_place) {
    if (options_.count_max > 0 && silences_.size() >= options_.count_max) {
      return fail(ErrorCode::Limit,
                  fmt::format("exceeded maximum number of silences: {} (limit: {})",
                              silences_.size(), options_.count_max));
    }
    silence.starts_at = std::max(silence.starts_at, now);
    if (silence.ends_at < silence.starts_at) {
      return bad_data("invalid silence: end time must not be before start time");
    }
  }
  const std::string id = is_in_place ? silence.id : new_id();
  silence.id = id;
  const uint64_t size = silence_message(silence, options_.retention).size();
  if (options_.size_max > 0 && size > options_.size_max) {
    return fail(ErrorCode::Limit,
                fmt::format("silence exceeded maximum size: {} bytes (limit: {} bytes)", size,
                            options_.size_max));
  }
  if (!is_in_place && previous != silences_.end()) expire_now(previous->second, now);
  silences_[id] = std::move(silence);
  return id;
}

Result<void> Silences::expire(const std::string& id, Timestamp now) {
  const auto found = silences_.find(id);
  if (found == silences_.end()) return fail(ErrorCode::NotFound, "silence not found");
  expire_now(found->second, now);
  return {};
}

void Silences::expire_now(Silence& silence, Timestamp now) {
  switch (silence.state_at(now)) {
    case SilenceState::Expired:
      return;
    case SilenceState::Pending:
      silence.starts_at = now;
      break;
    case SilenceState::Active:
      break;
  }
  silence.ends_at = now - Duration::milliseconds(1);  // The end belongs to the silence.
  silence.starts_at = std::min(silence.starts_at, silence.ends_at);
  silence.updated_at = now;
}

void Silences::collect_garbage(Timestamp now) {
  std::erase_if(silences_, [&](const auto& entry) {
    return entry.second.ends_at + options_.retention <= now;
  });
}

const Silence* Silences::find(const std::string& id) const {
  const auto found = silences_.find(id);
  return found == silences_.end() ? nullptr : &found->second;
}

std::vector<std::string> Silences::silenced_by(const Labels& labels, Timestamp now) const {
  std::vector<std::string> ids;
  for (const auto& [id, silence] : silences_) {
    if (silence.state_at(now) != SilenceState::Active) continue;
    const bool matches = std::all_of(
        silence.matchers.begin(), silence.matchers.end(),
        [&](const Matcher& matcher) { return matcher.matches(labels.get(matcher.name())); });
    if (matches) ids.push_back(id);
  }
  return ids;
}

std::string Silences::snapshot() const {
  std::string bytes;
  for (const auto& [id, silence] : silences_) {
    append_delimited(bytes, silence_message(silence, options_.retention));
  }
  return bytes;
}

Result<void> Silences::load(std::string_view bytes) {
  for (const std::string_view message : TRY(split_delimited(bytes))) {
    Silence silence = TRY(parse_silence(message));
    // Nothing to match would match everything.
    if (silence.id.empty() || silence.matchers.empty()) {
      return bad_data(
          "a silence without id or matchers: the file is damaged, or of an Alertmanager that keeps "
          "them elsewhere");
    }
    Silence& stored = silences_[silence.id];
    if (stored.id.empty() || stored.updated_at < silence.updated_at) stored = std::move(silence);
  }
  return {};
}

// A random UUID: version 4, variant 1.
std::string Silences::new_id() {
  const uint64_t high = (random_.next() & ~0xf000ULL) | 0x4000;
  const uint64_t low = (random_.next() & ~(0xc0ULL << 56)) | (0x80ULL << 56);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                     high & 0xffff, low >> 48, low & 0xffffffffffffULL);
}

}  // namespace promenade::alertmanager
