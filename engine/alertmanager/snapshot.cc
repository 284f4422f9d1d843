// protozero throws on bytes that are no message; its exceptions end here.
#include "alertmanager/snapshot.h"

#include <algorithm>
#include <array>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "alertmanager/notification_log.h"
#include "alertmanager/silences.h"

namespace promenade::alertmanager {
namespace {

using protozero::pbf_reader;
using protozero::pbf_writer;
using protozero::tag_and_type;

// A field of another type than ours is skipped, as an unknown one.
constexpr auto kVarint = protozero::pbf_wire_type::varint;
constexpr auto kBytes = protozero::pbf_wire_type::length_delimited;
// The years 1 to 9999, which is what google.protobuf.Timestamp holds.
constexpr int64_t kSecondsMin = -62'135'596'800;
constexpr int64_t kSecondsMax = 253'402'300'799;

constexpr std::array kMatchTypes = {MatchType::Equal, MatchType::Regex, MatchType::NotEqual,
                                    MatchType::NotRegex};

int32_t type_number(MatchType type) {
  int32_t number = 0;
  while (kMatchTypes[static_cast<size_t>(number)] != type) ++number;
  return number;
}

void add_time(pbf_writer& out, uint32_t field, Timestamp time) {
  int64_t seconds = time.ms / 1000;
  if (time.ms % 1000 < 0) --seconds;
  pbf_writer inner(out, field);
  inner.add_int64(1, seconds);
  inner.add_int32(2, static_cast<int32_t>((time.ms - seconds * 1000) * 1'000'000));
}

Timestamp read_time(pbf_reader reader) {
  int64_t seconds = 0;
  int32_t nanoseconds = 0;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kVarint):
        seconds = reader.get_int64();
        break;
      case tag_and_type(2, kVarint):
        nanoseconds = reader.get_int32();
        break;
      default:
        reader.skip();
    }
  }
  seconds = std::clamp(seconds, kSecondsMin, kSecondsMax);
  return Timestamp{seconds * 1000 + std::clamp(nanoseconds, 0, 999'999'999) / 1'000'000};
}

Result<Matcher> read_matcher(pbf_reader reader) {
  uint32_t type = 0;
  std::string name, pattern;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kVarint):
        type = reader.get_uint32();
        break;
      case tag_and_type(2, kBytes):
        name = reader.get_string();
        break;
      case tag_and_type(3, kBytes):
        pattern = reader.get_string();
        break;
      default:
        reader.skip();
    }
  }
  if (type >= kMatchTypes.size()) return bad_data("unknown matcher type in a silence");
  return Matcher::create(kMatchTypes[type], std::move(name), std::move(pattern));
}

Result<Silence> read_silence(pbf_reader reader) {
  Silence silence;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kBytes):
        silence.id = reader.get_string();
        break;
      case tag_and_type(2, kBytes):
        silence.matchers.push_back(TRY(read_matcher(reader.get_message())));
        break;
      case tag_and_type(3, kBytes):
        silence.starts_at = read_time(reader.get_message());
        break;
      case tag_and_type(4, kBytes):
        silence.ends_at = read_time(reader.get_message());
        break;
      case tag_and_type(5, kBytes):
        silence.updated_at = read_time(reader.get_message());
        break;
      case tag_and_type(8, kBytes):
        silence.created_by = reader.get_string();
        break;
      case tag_and_type(9, kBytes):
        silence.comment = reader.get_string();
        break;
      default:
        reader.skip();
    }
  }
  return silence;
}

void read_receiver(pbf_reader reader, NotificationKey& key) {
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kBytes):
        key.receiver = reader.get_string();
        break;
      case tag_and_type(2, kBytes):
        key.integration = reader.get_string();
        break;
      case tag_and_type(3, kVarint):
        key.index = reader.get_uint32();
        break;
      default:
        reader.skip();
    }
  }
}

void read_entry(pbf_reader reader, NotificationEntry& entry) {
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kBytes):
        entry.key.group_key = reader.get_string();
        break;
      case tag_and_type(2, kBytes):
        read_receiver(reader.get_message(), entry.key);
        break;
      case tag_and_type(5, kBytes):
        entry.timestamp = read_time(reader.get_message());
        break;
      case tag_and_type(6, kBytes):
        for (const uint64_t hash : reader.get_packed_uint64()) entry.firing.insert(hash);
        break;
      case tag_and_type(7, kBytes):
        for (const uint64_t hash : reader.get_packed_uint64()) entry.resolved.insert(hash);
        break;
      default:
        reader.skip();
    }
  }
}

pbf_reader reader_of(std::string_view bytes) {
  return pbf_reader(bytes.data(), bytes.size());
}

}  // namespace

std::string silence_message(const Silence& silence, Duration retention) {
  std::string message;
  pbf_writer mesh(message);
  {
    pbf_writer out(mesh, 1);
    out.add_string(1, silence.id);
    for (const Matcher& matcher : silence.matchers) {
      pbf_writer inner(out, 2);
      if (const int32_t type = type_number(matcher.type()); type != 0) inner.add_enum(1, type);
      inner.add_string(2, matcher.name());
      inner.add_string(3, matcher.value());
    }
    add_time(out, 3, silence.starts_at);
    add_time(out, 4, silence.ends_at);
    add_time(out, 5, silence.updated_at);
    out.add_string(8, silence.created_by);
    out.add_string(9, silence.comment);
  }
  add_time(mesh, 2, silence.ends_at + retention);
  return message;
}

Result<Silence> parse_silence(std::string_view message) {
  try {
    pbf_reader mesh = reader_of(message);
    if (mesh.next(1, kBytes)) return read_silence(mesh.get_message());
  } catch (const protozero::exception&) {
  }
  return bad_data("not a silence: the file is damaged or not Alertmanager's");
}

std::string notification_entry_message(const NotificationEntry& entry) {
  std::string message;
  pbf_writer mesh(message);
  {
    pbf_writer out(mesh, 1);
    out.add_bytes(1, entry.key.group_key);
    {
      pbf_writer receiver(out, 2);
      receiver.add_string(1, entry.key.receiver);
      receiver.add_string(2, entry.key.integration);
      if (entry.key.index != 0) receiver.add_uint32(3, entry.key.index);
    }
    add_time(out, 5, entry.timestamp);
    out.add_packed_uint64(6, entry.firing.begin(), entry.firing.end());
    out.add_packed_uint64(7, entry.resolved.begin(), entry.resolved.end());
  }
  add_time(mesh, 2, entry.expires_at);
  return message;
}

Result<NotificationEntry> parse_notification_entry(std::string_view message) {
  NotificationEntry entry;
  bool has_entry = false;
  try {
    pbf_reader mesh = reader_of(message);
    while (mesh.next()) {
      if (mesh.tag_and_type() == tag_and_type(1, kBytes)) {
        read_entry(mesh.get_message(), entry);
        has_entry = true;
      } else if (mesh.tag_and_type() == tag_and_type(2, kBytes)) {
        entry.expires_at = read_time(mesh.get_message());
      } else {
        mesh.skip();
      }
    }
  } catch (const protozero::exception&) {
    has_entry = false;
  }
  if (has_entry) return entry;
  return bad_data("not a notification log entry: the file is damaged or not Alertmanager's");
}

void append_delimited(std::string& out, std::string_view message) {
  protozero::write_varint(std::back_inserter(out), message.size());
  out += message;
}

Result<std::vector<std::string_view>> split_delimited(std::string_view bytes) {
  std::vector<std::string_view> messages;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  try {
    while (at != end) {
      const uint64_t size = protozero::decode_varint(&at, end);
      if (size > static_cast<uint64_t>(end - at)) break;
      messages.emplace_back(at, static_cast<size_t>(size));
      at += size;
    }
  } catch (const protozero::exception&) {
    at = bytes.data() - 1;
  }
  if (at == end) return messages;
  return bad_data("a message is cut off: the file is damaged or not Alertmanager's");
}

}  // namespace promenade::alertmanager
