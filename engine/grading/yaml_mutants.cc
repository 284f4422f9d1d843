// engine/grading/yaml_mutants.cc
// A walk over the tree of a YAML file (or of JSON, which is YAML): each node is changed in place,
// the file is written, and the node is put back.
#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "base/strings.h"
#include "config/yaml_reader.h"
#include "config/yaml_writer.h"
#include "grading/answer_mutants.h"
#include "grading/mutants.h"
#include "model/duration.h"
#include "model/number_format.h"

namespace promenade::grading {
namespace {

using config::YamlEntry;
using config::YamlFile;
using config::YamlNode;

constexpr int64_t kScale = 10;

// What else could stand there.
struct Choices {
  std::string_view key;
  std::vector<std::string_view> values;
};
const std::vector<Choices>& known_choices() {
  static const std::vector<Choices> kChoices = {
      {"action", {"replace", "keep", "drop", "labelmap", "labeldrop", "labelkeep"}},
      {"scheme", {"http", "https"}},
      {"severity", {"page", "ticket", "info"}},
      {"unit", {"s", "ms", "percentunit", "percent", "reqps", "bytes"}},
  };
  return kChoices;
}

// One character put in the place of two and the other way round: = and =~, = and !=.
constexpr std::pair<std::string_view, std::string_view> kOperators[] = {
    {"=~", "="}, {"!~", "=~"}, {"!=", "="}, {"=", "!="}};

bool holds_queries(std::string_view key) {
  return key == "expr" || key == "query";
}
bool holds_matchers(std::string_view key) {
  return key.size() >= 8 && key.substr(key.size() - 8) == "matchers";
}

// Prose: a slip in it is no mistake.
bool holds_prose(std::string_view key) {
  return key == "summary" || key == "description" || key == "title";
}

class YamlMutator {
 public:
  explicit YamlMutator(YamlNode root)
      : root_(std::move(root)), original_(config::write_yaml(root_)) {}

  std::vector<AnswerMutant> run() {
    visit(root_, "");
    for (auto& [key, nodes] : scalars_) swap_texts(nodes);
    return std::move(mutants_);
  }

 private:
  void emit(std::string_view change) {
    std::string text = config::write_yaml(root_);
    if (text == original_) return;
    std::string difference = changed_lines(original_, text);
    mutants_.push_back({std::move(text), change, std::move(difference)});
  }

  void visit(YamlNode& node, std::string_view key) {
    switch (node.kind) {
      case YamlNode::Kind::Mapping:
        drop_each(node.entries, "a key left out");
        for (YamlEntry& entry : node.entries) visit(entry.value, entry.key.text);
        return;
      case YamlNode::Kind::Sequence:
        drop_each(node.items, "an item left out");
        for (size_t i = 0; i + 1 < node.items.size(); ++i) {
          std::swap(node.items[i], node.items[i + 1]);
          emit("the order");
          std::swap(node.items[i], node.items[i + 1]);
        }
        for (YamlNode& item : node.items) visit(item, key);
        return;
      case YamlNode::Kind::Scalar:
        scalars_[std::string(key)].push_back(&node);
        visit_scalar(node, key);
        return;
      case YamlNode::Kind::Null:
        return;
    }
  }

  template <typename Item>
  void drop_each(std::vector<Item>& items, std::string_view change) {
    for (size_t i = 0; i < items.size(); ++i) {
      const auto at = static_cast<ptrdiff_t>(i);
      Item dropped = std::move(items[i]);
      items.erase(items.begin() + at);
      emit(change);
      items.insert(items.begin() + at, std::move(dropped));
    }
  }

  void replace(YamlNode& node, std::string text, std::string_view change) {
    std::swap(node.text, text);
    emit(change);
    std::swap(node.text, text);
  }

  void visit_scalar(YamlNode& node, std::string_view key) {
    const std::string text = node.text;
    if (holds_queries(key)) return visit_query(node);
    if (holds_matchers(key)) return visit_matcher(node);
    for (const Choices& choices : known_choices()) {
      if (choices.key != key) continue;
      for (const std::string_view value : choices.values) {
        if (value != text) replace(node, std::string(value), "another value");
      }
      return;
    }
    if (!node.is_quoted && (text == "true" || text == "false")) {
      return replace(node, text == "true" ? "false" : "true", "another value");
    }
    if (visit_number(node) || holds_prose(key)) return;
    misspell(node, text.size());
  }

  bool visit_number(YamlNode& node) {
    const std::string text = node.text;
    const auto number = parse_float(text);
    const auto duration = parse_duration(text);
    if (duration && duration->ms > 0) {
      replace(node, format_duration(*duration * kScale), "ten times as long");
      replace(node, format_duration(Duration::milliseconds(duration->ms / kScale)),
              "a tenth as long");
    } else if (number) {
      std::string larger;
      std::string smaller;
      append_decimal(larger, *number * kScale);
      append_decimal(smaller, *number / kScale);
      replace(node, larger, "ten times as much");
      replace(node, smaller, "a tenth as much");
    }
    return duration || number;
  }

  void visit_query(YamlNode& node) {
    const std::string text = node.text;
    for (const Mutant& mutant : make_mutants(text)) replace(node, mutant.query, mutant.change);
    const size_t variable = text.find("$__rate_interval");
    if (variable == std::string::npos) return;
    for (const std::string_view window : {"5m", "$__interval", "$__range"}) {
      std::string query = text;
      query.replace(variable, std::string_view("$__rate_interval").size(), window);
      replace(node, std::move(query), "window");
    }
    const size_t rate = text.find("rate(");
    if (rate != std::string::npos) {
      std::string query = text;
      replace(node, query.replace(rate, 4, "increase"), "function");
    }
  }

  void visit_matcher(YamlNode& node) {
    const std::string text = node.text;
    for (const auto& [from, to] : kOperators) {
      const size_t at = text.find(from);
      if (at == std::string::npos) continue;
      std::string other = text;
      replace(node, other.replace(at, from.size(), to), "a matcher's operator");
      break;
    }
    misspell(node, text.find_last_not_of("\"' "));
  }

  // Without the last letter or digit before `end`: a name that nothing has.
  void misspell(YamlNode& node, size_t end) {
    std::string text = node.text;
    if (end == std::string::npos || text.size() < 2) return;
    const size_t last =
        text.find_last_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", end);
    if (last == std::string::npos) return;
    text.erase(last, 1);
    replace(node, std::move(text), "misspelt");
  }

  void swap_texts(const std::vector<YamlNode*>& nodes) {
    for (size_t i = 0; i + 1 < nodes.size(); ++i) {
      std::swap(nodes[i]->text, nodes[i + 1]->text);
      emit("swapped");
      std::swap(nodes[i]->text, nodes[i + 1]->text);
    }
  }

  YamlNode root_;
  std::string original_;
  std::map<std::string, std::vector<YamlNode*>> scalars_;  // By key, in the order of the file.
  std::vector<AnswerMutant> mutants_;
};

}  // namespace

std::vector<AnswerMutant> mutate_yaml(std::string_view text) {
  const auto file = YamlFile::parse("answer", text);
  return file ? YamlMutator(file->root()).run() : std::vector<AnswerMutant>();
}

}  // namespace promenade::grading
