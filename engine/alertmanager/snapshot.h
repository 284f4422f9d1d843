#pragma once  // engine/alertmanager/snapshot.h
// The two files of Alertmanager's data folder, byte-compatible: `silences` and `nflog` are
// sequences of protobuf messages, each behind its length as a varint.
//   silences  MeshSilence{1: Silence, 2: expires_at}
//     Silence{1: id, 2: Matcher*, 3: starts_at, 4: ends_at, 5: updated_at, 8: created_by, 9:
//     comment} Matcher{1: type (0 =, 1 =~, 2 !=, 3 !~), 2: name, 3: pattern}
//   nflog     MeshEntry{1: Entry, 2: expires_at}
//     Entry{1: group_key, 2: Receiver, 5: timestamp, 6: firing*, 7: resolved*} (hashes, packed)
//     Receiver{1: group_name, 2: integration, 3: idx}
//   Timestamps are google.protobuf.Timestamp{1: seconds, 2: nanos}.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace promenade::alertmanager {

struct Silence;
struct NotificationEntry;

std::string silence_message(const Silence& silence, Duration retention);
Result<Silence> parse_silence(std::string_view message);

std::string notification_entry_message(const NotificationEntry& entry);
Result<NotificationEntry> parse_notification_entry(std::string_view message);

void append_delimited(std::string& out, std::string_view message);
// The views are valid as long as `bytes`.
Result<std::vector<std::string_view>> split_delimited(std::string_view bytes);

}  // namespace promenade::alertmanager
