#pragma once  // engine/promql/annotations.h
// Remarks beside a result: surprising but valid. Warnings say that something is probably wrong,
// infos that it might be (Prometheus's util/annotations/annotations.go).
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace promenade::promql {

class Annotations {
 public:
  // `span` is the expression the remark is about. Text without the "PromQL warning: " prefix.
  void warn(std::string text, SourceSpan span) { warnings_[std::move(text)] = span.begin; }
  void info(std::string text, SourceSpan span) { infos_[std::move(text)] = span.begin; }
  void merge(const Annotations& other);
  bool empty() const { return warnings_.empty() && infos_.empty(); }

  // From text to byte offset. What is remarked in several places is said once, about the last.
  using Entries = std::map<std::string, uint32_t>;
  const Entries& warnings() const { return warnings_; }
  const Entries& infos() const { return infos_; }

  // "PromQL warning: TEXT (L:C)", with the position in `query`.
  static std::string render_warning(const Entries::value_type& entry, std::string_view query);
  static std::string render_info(const Entries::value_type& entry, std::string_view query);

 private:
  Entries warnings_;
  Entries infos_;
};

}  // namespace promenade::promql
