// Silences as people and amtool see them.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "alertmanager/api/handlers.h"
#include "alertmanager/api/json_body.h"
#include "base/strings.h"

namespace promenade::alertmanager {
namespace {

using promenade::api::JsonWriter;

bool is_regex(const Matcher& matcher) {
  return matcher.type() == MatchType::Regex || matcher.type() == MatchType::NotRegex;
}

bool is_equal(const Matcher& matcher) {
  return matcher.type() == MatchType::Equal || matcher.type() == MatchType::Regex;
}

void write_silence(JsonWriter& out, const Silence& silence, Timestamp now) {
  out.begin_object();
  out.field("id", silence.id);
  out.key("status");
  out.begin_object();
  out.field("state", to_string(silence.state_at(now)));
  out.end_object();
  out.field("updatedAt", api_time(silence.updated_at));
  out.field("comment", silence.comment);
  out.field("createdBy", silence.created_by);
  out.field("endsAt", api_time(silence.ends_at));
  out.key("matchers");
  out.begin_array();
  for (const Matcher& matcher : silence.matchers) {
    out.begin_object();
    out.key("isEqual");
    out.boolean(is_equal(matcher));
    out.key("isRegex");
    out.boolean(is_regex(matcher));
    out.field("name", matcher.name());
    out.field("value", matcher.value());
    out.end_object();
  }
  out.end_array();
  out.field("startsAt", api_time(silence.starts_at));
  out.end_object();
}

// Active ones first, the one that ends next on top; then pending ones, the next to start on top;
// then expired ones, the last to end on top.
bool comes_before(const Silence& a, const Silence& b, Timestamp now) {
  const auto key = [&](const Silence& silence) {
    switch (silence.state_at(now)) {
      case SilenceState::Active:
        return std::tuple(0, silence.ends_at.ms);
      case SilenceState::Pending:
        return std::tuple(1, silence.starts_at.ms);
      case SilenceState::Expired:
        break;
    }
    return std::tuple(2, -silence.ends_at.ms);
  };
  return key(a) < key(b);
}

// Every filter has to stand among the silence's matchers as it is.
bool matches_filters(const Silence& silence, const std::vector<Matcher>& filters) {
  return std::all_of(filters.begin(), filters.end(), [&](const Matcher& filter) {
    return std::any_of(silence.matchers.begin(), silence.matchers.end(), [&](const Matcher& own) {
      return own.name() == filter.name() && own.type() == filter.type() &&
             own.value() == filter.value();
    });
  });
}

std::string_view parameter_of(SilenceState state) {
  return to_string(state);  // active, expired, pending: the parameters have the states' names.
}

Result<Silence> to_silence(const PostedSilence& posted, Timestamp now) {
  Silence silence;
  silence.id = posted.id;
  silence.starts_at = posted.starts_at;
  silence.ends_at = posted.ends_at;
  silence.created_by = posted.created_by;
  silence.comment = posted.comment;
  for (size_t i = 0; i < posted.matchers.size(); ++i) {
    const PostedMatcher& one = posted.matchers[i];
    const MatchType type = one.is_regex ? (one.is_equal ? MatchType::Regex : MatchType::NotRegex)
                                        : (one.is_equal ? MatchType::Equal : MatchType::NotEqual);
    auto matcher = Matcher::create(type, one.name, one.value);
    if (!matcher) {
      return bad_data(fmt::format(
          "invalid silence: invalid label matcher {}: invalid regular expression {}: {}", i,
          quote(one.value), matcher.error().message));
    }
    silence.matchers.push_back(std::move(*matcher));
  }
  if (silence.starts_at >= silence.ends_at) {
    return bad_data("Failed to create silence: start time must be before end time");
  }
  if (silence.ends_at < now) {
    return bad_data("Failed to create silence: end time can't be in the past");
  }
  return silence;
}

}  // namespace

HttpResponse get_silences(const ApiCall& call) {
  const auto wanted = filters(call);
  if (!wanted) return handler_error(400, wanted.error().message);
  ++call.context.metrics.silence_queries;
  const Timestamp now = call.context.now;
  std::vector<const Silence*> shown;
  for (const auto& [id, silence] : call.context.silences.all()) {
    if (!is_wanted(call, parameter_of(silence.state_at(now)))) continue;
    if (matches_filters(silence, *wanted)) shown.push_back(&silence);
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [&](const Silence* a, const Silence* b) { return comes_before(*a, *b, now); });
  std::string body;
  JsonWriter out(body);
  out.begin_array();
  for (const Silence* silence : shown) write_silence(out, *silence, now);
  out.end_array();
  return json_response(200, body + "\n");
}

HttpResponse post_silences(const ApiCall& call) {
  const auto posted = parse_silence_body(call.request.body);
  if (!posted) {
    return schema_error(posted.error().status, posted.error().code, posted.error().message);
  }
  const Timestamp now = call.context.now;
  auto silence = to_silence(*posted, now);
  if (!silence) return handler_error(400, silence.error().message);
  const auto id = call.context.silences.set(std::move(*silence), now);
  if (!id) {
    return handler_error(id.error().code == ErrorCode::NotFound ? 404 : 400, id.error().message);
  }
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.field("silenceID", *id);
  out.end_object();
  return json_response(200, body + "\n");
}

HttpResponse get_silence(const ApiCall& call) {
  ++call.context.metrics.silence_queries;
  const Silence* silence = call.context.silences.find(std::string(call.argument));
  if (silence == nullptr) return HttpResponse{.status = 404};
  std::string body;
  JsonWriter out(body);
  write_silence(out, *silence, call.context.now);
  return json_response(200, body + "\n");
}

HttpResponse delete_silence(const ApiCall& call) {
  const auto expired = call.context.silences.expire(std::string(call.argument), call.context.now);
  return HttpResponse{.status = expired ? 200 : 404};
}

}  // namespace promenade::alertmanager
