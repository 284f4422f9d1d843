// engine/sim/world_file/read_scalars.cc
// The values that all sections of a world file share: names, formulas, ranges, texts.
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "model/duration.h"
#include "model/number_format.h"
#include "sim/world_file/world_file_reader.h"

namespace promenade::sim {

bool is_metric_name(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == ':';
  });
}

Result<FormulaId> WorldFileReader::pend(const YamlNode& node, size_t service,
                                        std::vector<std::string> loops) {
  if (node.kind != YamlNode::Kind::Scalar) {
    return file_->error_at(
        node, fmt::format("found {}, expected a formula such as 2 * sessions", describe(node)));
  }
  const auto id = static_cast<FormulaId>(formulas_.size());
  formulas_.push_back({file_, text_, &node, service, std::move(loops), id});
  return id;
}

void WorldFileReader::formula(YamlMapping& mapping, std::string_view key, size_t service,
                              FormulaId& out, const std::vector<std::string>& loops) {
  mapping.value(key, [&](const YamlNode& node) -> Result<void> {
    out = TRY(pend(node, service, loops));
    return {};
  });
}

void WorldFileReader::text_pairs(YamlMapping& mapping, std::string_view key, TextPairs& out) {
  mapping.entries(key, [&](const YamlNode& name, const YamlNode& value) -> Result<void> {
    if (value.kind != YamlNode::Kind::Scalar) {
      return file_->error_at(value, fmt::format("found {}, expected a text", describe(value)));
    }
    out.emplace_back(name.text, value.text);
    return {};
  });
}

Result<void> WorldFileReader::duration_range(const YamlNode& node, Duration& low, Duration& high) {
  const size_t dots = node.text.find("..");
  const std::string_view text = node.text;
  const auto first = parse_duration(text.substr(0, dots));
  const auto last = dots == std::string::npos ? first : parse_duration(text.substr(dots + 2));
  if (node.kind != YamlNode::Kind::Scalar || !first || !last || *last < *first) {
    return file_->error_at(
        node, fmt::format("found {}, expected a duration or a range of them such as 6m..21m",
                          describe(node)));
  }
  low = *first;
  high = *last;
  return {};
}

Result<void> WorldFileReader::number_range(const YamlNode& node, double& low, double& high) {
  const size_t dots = node.text.find("..");
  const std::string_view text = node.text;
  const auto first = parse_float(text.substr(0, dots));
  const auto last = dots == std::string::npos ? first : parse_float(text.substr(dots + 2));
  if (node.kind != YamlNode::Kind::Scalar || !first || !last || !(*first <= *last)) {
    return file_->error_at(
        node, fmt::format("found {}, expected a number or a range of them such as 0.5..1",
                          describe(node)));
  }
  low = *first;
  high = *last;
  return {};
}

Result<void> WorldFileReader::read_values(const YamlNode& name, const YamlNode& node,
                                          size_t service, std::vector<ValueDefinition>& out) {
  ValueDefinition value;
  value.name = name.text;
  if (!is_metric_name(value.name)) {
    return file_->error_at(
        name, fmt::format("found {}, expected a name of letters, digits and _", quote(value.name)));
  }
  if (node.kind == YamlNode::Kind::Mapping) {
    YamlMapping mapping(*file_, node, "a value");
    formula(mapping, "is", service, value.formula);
    formula(mapping, "starts", service, value.initial);
    mapping.boolean("durable", value.is_durable);
    TRY(mapping.finish());
    if (value.formula == kNoFormula) {
      return file_->error_at(node, "the value lacks the key \"is\"; add its formula");
    }
  } else {
    value.formula = TRY(pend(node, service));
  }
  out.push_back(std::move(value));
  return {};
}

Result<void> WorldFileReader::read_buckets(YamlMapping& mapping, std::vector<double>& out) {
  mapping.list("buckets", [&](const YamlNode& item) -> Result<void> {
    const double bound = TRY(file_->number(item, "a bucket"));
    if (!out.empty() && bound <= out.back()) {
      return file_->error_at(item, "buckets have to ascend; put them in order");
    }
    out.push_back(bound);
    return {};
  });
  return {};
}

}  // namespace promenade::sim
