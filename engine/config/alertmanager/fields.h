#pragma once  // engine/config/alertmanager/fields.h
// The settings of one receiver integration, or of the global section: values under names, with
// their types, defaults and secrecy in a constant table. Alertmanager has some twenty kinds of
// receiver that differ in nothing but these tables and in the message that they send.
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/config.h"
#include "config/yaml_reader.h"

namespace promenade::config {

enum class FieldKind : uint8_t {
  Text,
  Secret,  // Text that is shown as <secret>.
  Path,    // Of a file; relative ones start at the configuration's folder.
  Flag,
  Count,
  Integer,  // May be negative.
  Duration,
  Texts,  // A list.
  Map,    // Names and texts.
  Items,  // A list of mappings, whose fields are FieldSpec::items.
  Item,   // One such mapping.
};

enum class Show : uint8_t { IfSet, Always };

struct FieldSpec {
  std::string_view name;
  FieldKind kind = FieldKind::Text;
  std::string_view fallback = {};  // What an absent value is; "" leaves it unset.
  // The key of the global section whose value stands in when neither this field nor its twin (x and
  // x_file) is set.
  std::string_view global = {};
  Show show = Show::IfSet;  // In the normalised configuration.
  std::span<const FieldSpec> items = {};
  // The field that takes this one's place: the global value stays out when it or its twin is set.
  std::string_view alternative = {};
};

class Fields {
 public:
  Fields() = default;
  explicit Fields(std::span<const FieldSpec> specs) : specs_(specs), values_(specs.size()) {}

  // The name must be in the table. "" and 0 when unset; references live as long as this object.
  const std::string& text(std::string_view name) const;
  bool flag(std::string_view name) const;
  uint64_t count(std::string_view name) const;
  Duration duration(std::string_view name) const;
  bool is_set(std::string_view name) const;
  const YamlNode& value(std::string_view name) const;
  void set(std::string_view name, YamlNode value);

  std::span<const FieldSpec> specs() const { return specs_; }
  std::span<const YamlNode> values() const { return values_; }

 private:
  friend class FieldsReader;
  size_t index_of(std::string_view name) const;

  std::span<const FieldSpec> specs_;
  std::vector<YamlNode> values_;  // One a spec; Null when unset.
};

// The text under `key` of an item, or "".
const std::string& item_text(const YamlNode& item, std::string_view key);

// What reading needs to know; `context` of sections.h is the caller's.
struct ReadContext;

// Reads the fields into a mapping that the caller finishes. `global` may be null.
Fields read_fields(ReadContext& context, YamlMapping& mapping, std::span<const FieldSpec> specs,
                   const Fields* global);

// Adds the fields that are to be shown; secrets as <secret>.
class YamlMapBuilder;
void show_fields(YamlMapBuilder& out, const Fields& fields);

}  // namespace promenade::config
