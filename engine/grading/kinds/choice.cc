// engine/grading/kinds/choice.cc
// The kind choice, for what no engine can compute: the answer is one of several options, each one
// that holds, or all of them in their order. What is told about a wrong answer counts and does not
// name, so that it can be used and gives nothing away.
#include <algorithm>
#include <memory>

#include "base/strings.h"
#include "grading/kind.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

enum class Pick { One, All, Order };
constexpr std::string_view kPicks[] = {"one", "all", "order"};

// More than these nobody compares.
constexpr size_t kOptionsMax = 12;

using Keys = std::vector<std::string>;

bool contains(const Keys& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool is_key(std::string_view text) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter(c) || c == '-' || (c >= '0' && c <= '9'); });
}

std::string listed(const Keys& keys) {
  return "`" + join(keys, "`, `") + "`";
}

// "2 of 3 stand", "1 of 3 stands".
std::string part_of(size_t part, size_t whole, std::string_view one, std::string_view many) {
  return std::to_string(part) + " of " + std::to_string(whole) + " " +
         std::string(part == 1 ? one : many);
}

class Choice final : public Kind {
 public:
  Choice(Pick pick, Keys options) : pick_(pick), options_(std::move(options)) {}

  std::vector<std::string> requirements() const override {
    switch (pick_) {
      case Pick::One:
        return {"The choice is the right one"};
      case Pick::All:
        return {"Each option that holds is chosen", "No other option is chosen"};
      case Pick::Order:
        break;
    }
    return {"Everything stands where it belongs"};
  }
  bool may_show_expected() const override { return false; }
  Least least() const override {
    return {0, std::min(options_.size() - 1, Least().misconceptions)};
  }

  // `options` of the answer, which may be separated by commas, blanks and line breaks.
  Result<Keys> read_answer(std::string_view answer) const {
    Keys keys;
    size_t begin = 0;
    for (size_t at = 0; at <= answer.size(); ++at) {
      const bool is_end = at == answer.size() ||
                          std::string_view(", \t\r\n").find(answer[at]) != std::string_view::npos;
      if (!is_end) continue;
      if (at > begin) {
        const SourceSpan span{static_cast<uint32_t>(begin), static_cast<uint32_t>(at)};
        std::string key = to_lower(answer.substr(begin, at - begin));
        if (!contains(options_, key)) return unknown(key, span);
        if (!contains(keys, key)) {
          keys.push_back(std::move(key));
        } else if (pick_ == Pick::Order) {
          return bad_data("`" + key + "` stands there twice, and has one place only", span);
        }
      }
      begin = at + 1;
    }
    TRY(check_count(keys));
    return keys;
  }

  Result<void> set_reference(std::string_view reference) {
    right_ = TRY(read_answer(reference));
    return {};
  }

  Result<Observation> observe(std::string_view answer, HiddenWorlds&) const override {
    const Keys keys = TRY(read_answer(answer));
    switch (pick_) {
      case Pick::One:
        return observe_one(keys);
      case Pick::All:
        return observe_all(keys);
      case Pick::Order:
        break;
    }
    return observe_order(keys);
  }

  std::vector<AnswerMutant> mutants() const override {
    switch (pick_) {
      case Pick::One:
        return other_options();
      case Pick::All:
        return toggled();
      case Pick::Order:
        break;
    }
    return moved();
  }

 private:
  tl::unexpected<Error> unknown(std::string_view key, SourceSpan span) const {
    const std::vector<std::string_view> known(options_.begin(), options_.end());
    const auto near = nearest(key, known);
    return bad_data("`" + std::string(key) + "` is none of the options" +
                        (near ? "; did you mean `" + std::string(*near) + "`?"
                              : "; choose from " + listed(options_)),
                    span);
  }

  Result<void> check_count(const Keys& keys) const {
    if (keys.empty()) return bad_data("nothing is chosen; choose from " + listed(options_));
    if (pick_ == Pick::One && keys.size() > 1) {
      return bad_data("choose one; the answer names " + std::to_string(keys.size()) + ", " +
                      listed(keys));
    }
    if (pick_ != Pick::Order || keys.size() == options_.size()) return {};
    Keys missing;
    for (const std::string& option : options_) {
      if (!contains(keys, option)) missing.push_back(option);
    }
    return bad_data("put all " + std::to_string(options_.size()) + " into their order; " +
                    listed(missing) + (missing.size() == 1 ? " is" : " are") + " missing");
  }

  Observation observe_one(const Keys& keys) const {
    return {{{0, "Your choice", keys.front(), keys == right_, "Another one fits better."}}, ""};
  }

  // A fact for each option, so that one that is wrong of many counts as near.
  Observation observe_all(const Keys& keys) const {
    const auto holding =
        static_cast<size_t>(std::count_if(keys.begin(), keys.end(), [this](const std::string& key) {
          return contains(right_, key);
        }));
    const std::string wrongly =
        "Of what is chosen, " + part_of(holding, keys.size(), "holds", "hold") + ".";
    Observation observation;
    for (const std::string& option : options_) {
      const bool is_right = contains(right_, option);
      const bool is_chosen = contains(keys, option);
      observation.facts.push_back({is_right ? size_t{0} : size_t{1}, option,
                                   is_chosen ? "chosen" : "not chosen", is_right == is_chosen,
                                   is_right ? "Something that holds is not chosen." : wrongly});
    }
    return observation;
  }

  // The mistake is the first place that is wrong and what stands there: what comes after it often
  // follows from it. So the facts say of each place only whether it is right.
  Observation observe_order(const Keys& keys) const {
    size_t in_place = 0;
    for (size_t i = 0; i < keys.size(); ++i) in_place += keys[i] == right_[i] ? 1 : 0;
    const std::string why =
        part_of(in_place, keys.size(), "stands where it belongs.", "stand where they belong.");
    Observation observation;
    for (size_t i = 0; i < keys.size(); ++i) {
      const bool holds = keys[i] == right_[i];
      const std::string place = "Place " + std::to_string(i + 1);
      observation.facts.push_back({0, place, "", holds, why});
      if (!holds && observation.trace.empty()) observation.trace = place + ": " + keys[i];
    }
    return observation;
  }

  std::vector<AnswerMutant> other_options() const {
    std::vector<AnswerMutant> mutants;
    for (const std::string& option : options_) {
      if (!contains(right_, option)) mutants.push_back({option, "another option", ""});
    }
    return mutants;
  }

  // One option chosen or left out against the truth, or two.
  std::vector<AnswerMutant> toggled() const {
    std::vector<AnswerMutant> mutants;
    for (size_t i = 0; i < options_.size(); ++i) {
      for (size_t j = i; j < options_.size(); ++j) {
        Keys keys;
        for (size_t k = 0; k < options_.size(); ++k) {
          if (contains(right_, options_[k]) != (k == i || k == j)) keys.push_back(options_[k]);
        }
        if (!keys.empty()) mutants.push_back({join(keys, ", "), "an option", ""});
      }
    }
    return mutants;
  }

  // One option moved to another place; neighbours swapped are among these.
  std::vector<AnswerMutant> moved() const {
    std::vector<AnswerMutant> mutants;
    for (size_t from = 0; from < right_.size(); ++from) {
      for (size_t to = 0; to < right_.size(); ++to) {
        // Moving down by one is what moving the neighbour up by one is.
        if (to == from || to == from + 1) continue;
        Keys keys = right_;
        keys.erase(keys.begin() + static_cast<ptrdiff_t>(from));
        keys.insert(keys.begin() + static_cast<ptrdiff_t>(to), right_[from]);
        mutants.push_back({join(keys, ", "), "the order", ""});
      }
    }
    return mutants;
  }

  Pick pick_;
  Keys options_;
  Keys right_;
};

}  // namespace

Result<std::shared_ptr<const Kind>> read_choice(const YamlFile& file, const YamlNode& node,
                                                std::string_view reference) {
  Keys options;
  size_t pick = 0;
  YamlMapping mapping(file, node, "the setting of a choice");
  mapping.find("pick", Presence::Required);
  mapping.choice("pick", kPicks, pick);
  mapping.find("options", Presence::Required);
  mapping.entries("options", [&](const YamlNode& key, const YamlNode& value) -> Result<void> {
    if (!is_key(key.text)) {
      return file.error_at(key, "the key " + quote(key.text) +
                                    " has to be small letters, digits and dashes, and to begin "
                                    "with a letter");
    }
    const std::string text = TRY(file.text(value, "an option"));
    if (trim(text).empty()) return file.error_at(key, "write what the option says");
    options.push_back(key.text);
    return {};
  });
  TRY(mapping.finish());
  const size_t options_min = static_cast<Pick>(pick) == Pick::Order ? 3 : 2;
  if (options.size() < options_min || options.size() > kOptionsMax) {
    return mapping.error_at("options", "write " + std::to_string(options_min) + " to " +
                                           std::to_string(kOptionsMax) + " options");
  }
  auto kind = std::make_shared<Choice>(static_cast<Pick>(pick), std::move(options));
  const Result<void> known = kind->set_reference(reference);
  if (!known) return file.error_at(node, "the reference is no answer: " + known.error().message);
  return kind;
}

}  // namespace promenade::grading
