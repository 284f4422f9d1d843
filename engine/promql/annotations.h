#pragma once  // engine/promql/annotations.h
// Remarks beside a result: surprising but valid. Warnings say that something is probably wrong,
// infos that it might be (Prometheus's util/annotations/annotations.go).
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace promenade::promql {

class Annotations {
 public:
  // `span` is the expression the remark is about. Text without the "PromQL warning: " prefix.
  void warn(std::string text, SourceSpan span) { warnings_.emplace(std::move(text), span.begin); }
  void info(std::string text, SourceSpan span) { infos_.emplace(std::move(text), span.begin); }
  void merge(const Annotations& other);
  bool empty() const { return warnings_.empty() && infos_.empty(); }

  // Text and byte offset, each pair once, sorted.
  using Entries = std::set<std::pair<std::string, uint32_t>>;
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
