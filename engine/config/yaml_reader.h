#pragma once  // engine/config/yaml_reader.h
// YAML in, typed values out, strictly: unknown keys, wrong types and repeated keys are errors that
// say "FILE:LINE:COLUMN: what was found, what was expected, what to do". Serves every YAML file
// of the project: prometheus.yml, target files, exercises.
//
//   const YamlFile file = TRY(YamlFile::parse("exercise.yaml", text));
//   Exercise exercise;
//   YamlMapping mapping(file, file.root(), "an exercise");
//   mapping.text("id", exercise.id, Presence::Required);
//   mapping.list("hints", [&](const YamlNode& hint) -> Result<void> { ... });
//   TRY(mapping.finish());
//
// Supported: one document (or the first of several, where the caller says so), anchors, aliases,
// merge keys ("<<"). Tags are ignored.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/strings.h"
#include "base/time.h"

namespace promenade::config {

// The most nodes a file may have after its aliases are expanded.
inline constexpr size_t kYamlNodesMax = 200'000;

struct YamlEntry;

// One value of the file, with where it stands.
struct YamlNode {
  enum class Kind { Null, Scalar, Sequence, Mapping };

  Kind kind = Kind::Null;
  bool is_quoted = false;          // A scalar in quotes or a block scalar: text whatever it says.
  std::string text;                // Of a scalar.
  std::vector<YamlNode> items;     // Of a sequence.
  std::vector<YamlEntry> entries;  // Of a mapping, in order; keys are unique.
  uint32_t line = 1;               // From 1.
  uint32_t column = 1;             // From 1.
  uint32_t offset = 0;             // In bytes from the start of the file.
};

struct YamlEntry {
  YamlNode key;  // Always a scalar.
  YamlNode value;
};

// What stands there, for messages: `"abc"`, `a list`, `a mapping`, `nothing`.
std::string describe(const YamlNode& node);

// What comes after the end of the first document.
enum class FurtherDocuments { Refuse, Ignore };

// A parsed file. The nodes it hands out live as long as it does.
class YamlFile {
 public:
  // Fails with BadData when `text` is not one YAML document. An empty text has a Null root.
  static Result<YamlFile> parse(std::string name, std::string_view text,
                                FurtherDocuments further = FurtherDocuments::Refuse);

  const std::string& name() const { return name_; }
  const YamlNode& root() const { return root_; }

  // An error about `node`: "NAME:LINE:COLUMN: message".
  tl::unexpected<Error> error_at(const YamlNode& node, std::string_view message) const;

  // The typed readings of one value. `what` names it in the message.
  Result<std::string> text(const YamlNode& node, std::string_view what) const;
  Result<bool> boolean(const YamlNode& node, std::string_view what) const;
  Result<uint64_t> count(const YamlNode& node, std::string_view what) const;
  Result<double> number(const YamlNode& node, std::string_view what) const;
  Result<Duration> duration(const YamlNode& node, std::string_view what) const;
  // Bytes with a unit: "512MB", "10KiB", "0"; KB and KiB are both 1024, as in Prometheus.
  Result<uint64_t> byte_count(const YamlNode& node, std::string_view what) const;
  // One of `choices`; the index of it. Suggests the nearest one.
  Result<size_t> choice(const YamlNode& node, std::string_view what,
                        std::span<const std::string_view> choices) const;

 private:
  std::string name_;
  YamlNode root_;
};

// Where in `file_text` the byte `offset` of a scalar's text stands, be it plain, quoted or a block:
// the place of an error inside an expression. `file_text` is what `node` was parsed from.
LineColumn position_in_scalar(std::string_view file_text, const YamlNode& node, size_t offset);

enum class Presence { Optional, Required };

// Reads the keys of one mapping into variables. A key that is absent or null leaves its variable as
// it is. The readings never fail by themselves: finish() returns the error that stands first in the
// file, be it a wrong value, an unknown key or a missing one. `file` and `node` must outlive it.
class YamlMapping {
 public:
  using NodeReader = std::function<Result<void>(const YamlNode&)>;
  using EntryReader = std::function<Result<void>(const YamlNode& key, const YamlNode& value)>;

  // `what` names the mapping in messages: "a scrape configuration". A Null node is an empty
  // mapping.
  YamlMapping(const YamlFile& file, const YamlNode& node, std::string_view what);

  void text(std::string_view key, std::string& out, Presence presence = Presence::Optional);
  void boolean(std::string_view key, bool& out);
  void count(std::string_view key, uint64_t& out);
  void number(std::string_view key, double& out);
  void duration(std::string_view key, Duration& out);
  void duration(std::string_view key, std::optional<Duration>& out);
  void byte_count(std::string_view key, uint64_t& out);
  // `out` becomes the index of the word in `choices`.
  void choice(std::string_view key, std::span<const std::string_view> choices, size_t& out);
  void text_list(std::string_view key, std::vector<std::string>& out,
                 Presence presence = Presence::Optional);
  void text_map(std::string_view key, std::map<std::string, std::string>& out);

  // Calls `read` with the value of `key`, with each item of the list under it, or with each entry
  // of the mapping under it. An error that `read` returns is the mapping's.
  void value(std::string_view key, const NodeReader& read, Presence presence = Presence::Optional);
  void list(std::string_view key, const NodeReader& read, Presence presence = Presence::Optional);
  void entries(std::string_view key, const EntryReader& read);

  // The value under `key`, or null; makes the key known.
  const YamlNode* find(std::string_view key, Presence presence = Presence::Optional);
  // An error about the value of `key`, or about the whole mapping when the key is absent.
  tl::unexpected<Error> error_at(std::string_view key, std::string_view message) const;
  // Keeps a failure for finish().
  void require(Result<void> result);

  // Call once, when every key that may occur has been named.
  Result<void> finish();

 private:
  void keep(const Error& error);
  void reject_unknown_keys();
  template <typename T, typename Read>
  void read_into(std::string_view key, T& out, Presence presence, Read read);

  const YamlFile& file_;
  const YamlNode& node_;
  std::string what_;
  std::vector<std::string_view> known_keys_;
  std::optional<Error> first_error_;
};

}  // namespace promenade::config
