// Every rule sees what the ones before it left. Templates expand as Go's regexp.Expand does, whose
// syntax differs from RE2's own rewriting.
#include "scrape/relabel.h"

#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "base/ascii.h"
#include "base/strings.h"
#include "scrape/letter_case.h"
#include "scrape/md5.h"

namespace promenade::scrape {
namespace {

using config::RelabelAction;
using config::RelabelConfig;

// The groups of one match of a rule's expression on `text`, which must outlive it.
class Match {
 public:
  Match(const re2::RE2& regex, std::string_view text)
      : regex_(regex), groups_(static_cast<size_t>(regex.NumberOfCapturingGroups()) + 1) {
    is_match_ =
        regex.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                    re2::RE2::ANCHOR_BOTH, groups_.data(), static_cast<int>(groups_.size()));
  }

  explicit operator bool() const { return is_match_; }

  // A group by number or name; "" when there is none such or it took no part.
  std::string_view group(std::string_view name) const {
    size_t index = groups_.size();
    const bool is_number = std::all_of(name.begin(), name.end(), is_digit);
    if (is_number && name.size() < 9 && (name.size() == 1 || name[0] != '0')) {
      index = static_cast<size_t>(std::stoul(std::string(name)));
    } else {
      const auto& names = regex_.NamedCapturingGroups();
      const auto found = names.find(std::string(name));
      if (found != names.end()) index = static_cast<size_t>(found->second);
    }
    if (index >= groups_.size() || groups_[index].data() == nullptr) return {};
    return {groups_[index].data(), groups_[index].size()};
  }

 private:
  const re2::RE2& regex_;
  std::vector<re2::StringPiece> groups_;
  bool is_match_;
};

// The name after a '$', and how much of the text it takes; empty when it is malformed.
struct GroupReference {
  std::string_view name;
  size_t size = 0;
};
GroupReference parse_reference(std::string_view after_dollar) {
  const bool has_braces = !after_dollar.empty() && after_dollar[0] == '{';
  const size_t begin = has_braces ? 1 : 0;
  size_t end = begin;
  while (end < after_dollar.size() && is_name_character(after_dollar[end])) ++end;
  if (end == begin) return {};
  if (!has_braces) return {after_dollar.substr(0, end), end};
  if (end == after_dollar.size() || after_dollar[end] != '}') return {};
  return {after_dollar.substr(begin, end - begin), end + 1};
}

// Go's regexp.Expand: $1, ${1}, $name, ${name}, $$; a '$' that is none of these stays.
std::string expand(std::string_view pattern, const Match& match) {
  std::string out;
  for (size_t at = 0; at < pattern.size();) {
    if (pattern[at] != '$') {
      out += pattern[at++];
      continue;
    }
    const std::string_view rest = pattern.substr(at + 1);
    const GroupReference reference = parse_reference(rest);
    if (!rest.empty() && rest[0] == '$') {
      out += '$';
      at += 2;
    } else if (reference.size > 0) {
      out += match.group(reference.name);
      at += 1 + reference.size;
    } else {
      out += '$';
      ++at;
    }
  }
  return out;
}

std::string joined_value(const LabelsBuilder& labels, const RelabelConfig& rule) {
  std::string value;
  for (size_t i = 0; i < rule.source_labels.size(); ++i) {
    if (i > 0) value += rule.separator;
    value += labels.get(rule.source_labels[i]);
  }
  return value;
}

void replace(LabelsBuilder& labels, const RelabelConfig& rule, const std::string& value) {
  const Match match(*rule.compiled, value);
  if (!match) return;
  const std::string target = expand(rule.target_label, match);
  if (target.empty() || !is_utf8(target)) return;
  labels.set(target, expand(rule.replacement, match));
}

void hash_mod(LabelsBuilder& labels, const RelabelConfig& rule, const std::string& value) {
  const auto digest = md5(value);
  uint64_t hash = 0;
  for (size_t i = 8; i < digest.size(); ++i) hash = hash << 8 | digest[i];
  labels.set(rule.target_label, std::to_string(hash % rule.modulus));
}

// Calls `visit` for each label whose name fits (or does not, when `fits` is false), of those that
// were there before the first call.
template <typename Visit>
void for_matching_names(const LabelsBuilder& labels, const RelabelConfig& rule, bool fits,
                        Visit visit) {
  const auto before = labels.pairs();
  for (const auto& [name, value] : before) {
    const Match match(*rule.compiled, name);
    if (static_cast<bool>(match) == fits) visit(name, value, match);
  }
}

// Applies one rule; false when it drops the set.
bool apply(LabelsBuilder& labels, const RelabelConfig& rule) {
  const std::string value = joined_value(labels, rule);
  const auto remove = [&](const std::string& name, const std::string&, const Match&) {
    labels.remove(name);
  };
  switch (rule.action) {
    case RelabelAction::Replace:
      replace(labels, rule, value);
      return true;
    case RelabelAction::Keep:
      return static_cast<bool>(Match(*rule.compiled, value));
    case RelabelAction::Drop:
      return !Match(*rule.compiled, value);
    case RelabelAction::KeepEqual:
      return labels.get(rule.target_label) == value;
    case RelabelAction::DropEqual:
      return labels.get(rule.target_label) != value;
    case RelabelAction::HashMod:
      hash_mod(labels, rule, value);
      return true;
    case RelabelAction::LabelMap:
      for_matching_names(labels, rule, true,
                         [&](const std::string&, const std::string& mapped, const Match& match) {
                           labels.set(expand(rule.replacement, match), mapped);
                         });
      return true;
    case RelabelAction::LabelDrop:
      for_matching_names(labels, rule, true, remove);
      return true;
    case RelabelAction::LabelKeep:
      for_matching_names(labels, rule, false, remove);
      return true;
    case RelabelAction::Lowercase:
      labels.set(rule.target_label, to_lowercase(value));
      return true;
    case RelabelAction::Uppercase:
      labels.set(rule.target_label, to_uppercase(value));
      return true;
  }
  return true;
}

}  // namespace

bool relabel(LabelsBuilder& labels, std::span<const RelabelConfig> rules) {
  return std::all_of(rules.begin(), rules.end(),
                     [&](const RelabelConfig& rule) { return apply(labels, rule); });
}

}  // namespace promenade::scrape
