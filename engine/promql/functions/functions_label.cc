// label_replace() and label_join(): they change labels, whatever the values are.
#include <re2/re2.h>

#include "base/strings.h"
#include "model/matcher.h"
#include "promql/functions/vector_functions.h"
#include "promql/parser/template_expansion.h"

namespace promenade::promql {

namespace {

bool is_label_name(std::string_view name) {
  return !name.empty() && is_utf8(name);
}

Result<void> check_label_name(std::string_view name, std::string_view which,
                              std::string_view function) {
  if (is_label_name(name)) return {};
  return fail(ErrorCode::Execution, "invalid " + std::string(which) + " label name in " +
                                        std::string(function) + "(): " + std::string(name));
}

// A value can double in length with every call around it, so that a short query could ask for more
// memory than there is.
constexpr size_t kWrittenValueBytesMax = 16 * 1024;

Result<void> set_label(Row& row, const std::string& name, std::string_view value) {
  if (value.size() > kWrittenValueBytesMax) {
    return fail(ErrorCode::Limit, "the label " + quote(name) + " would have a value of " +
                                      std::to_string(value.size()) + " bytes, the limit is " +
                                      std::to_string(kWrittenValueBytesMax));
  }
  row.labels = LabelsBuilder(row.labels).set(name, value).build();
  // A metric name that was asked for stays.
  if (name == kMetricName) row.drop_name = false;
  return {};
}

Result<Value> finish(std::vector<Row> rows) {
  TRY(merge_equal_rows(rows));
  return Value(VectorValue{std::move(rows)});
}

Result<Value> label_replace(VectorCall& call) {
  const std::string& target = text_of(call, 1);
  const std::string& replacement = text_of(call, 2);
  const std::string& source = text_of(call, 3);
  const auto regex = compile_anchored(text_of(call, 4));
  if (!regex) {
    return fail(ErrorCode::Execution,
                "invalid regular expression in label_replace(): " + text_of(call, 4));
  }
  TRY(check_label_name(target, "destination", "label_replace"));
  const TemplateExpansion expansion(**regex, replacement);
  std::vector<Row>& rows = rows_of(call, 0);
  for (Row& row : rows) {
    const auto value = expansion.expand(row.labels.get(source));
    if (value) TRY(set_label(row, target, *value));
  }
  return finish(std::move(rows));
}

Result<Value> label_join(VectorCall& call) {
  const std::string& target = text_of(call, 1);
  const std::string& separator = text_of(call, 2);
  for (size_t arg = 3; arg < call.args.size(); ++arg) {
    TRY(check_label_name(text_of(call, arg), "source", "label_join"));
  }
  TRY(check_label_name(target, "destination", "label_join"));
  std::vector<Row>& rows = rows_of(call, 0);
  for (Row& row : rows) {
    std::string joined;
    for (size_t arg = 3; arg < call.args.size(); ++arg) {
      if (arg > 3) joined += separator;
      joined += row.labels.get(text_of(call, arg));
    }
    TRY(set_label(row, target, joined));
  }
  return finish(std::move(rows));
}

constexpr NamedFunction kFunctions[] = {
    {"label_join", label_join},
    {"label_replace", label_replace},
};

}  // namespace

std::span<const NamedFunction> label_functions() {
  return kFunctions;
}

}  // namespace promenade::promql
