// Remarks beside a result, rendered the way Prometheus's util/annotations does.
#include "promql/annotations.h"

#include "base/strings.h"

namespace promenade::promql {

void Annotations::merge(const Annotations& other) {
  for (const auto& [text, offset] : other.warnings_) warnings_[text] = offset;
  for (const auto& [text, offset] : other.infos_) infos_[text] = offset;
}

namespace {

std::string render(std::string_view kind, const Annotations::Entries::value_type& entry,
                   std::string_view query) {
  const LineColumn at = line_column(query, entry.second);
  return std::string(kind) + entry.first + " (" + std::to_string(at.line) + ":" +
         std::to_string(at.column) + ")";
}

}  // namespace

std::string Annotations::render_warning(const Entries::value_type& entry, std::string_view query) {
  return render("PromQL warning: ", entry, query);
}

std::string Annotations::render_info(const Entries::value_type& entry, std::string_view query) {
  return render("PromQL info: ", entry, query);
}

}  // namespace promenade::promql
