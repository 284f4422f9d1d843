// The route tree of the file, and what may not stand in it.
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "config/alertmanager/alertmanager_sections.h"

namespace promenade::config {
namespace {

constexpr std::string_view kAllLabels = "...";

class RouteReader {
 public:
  RouteReader(ReadContext& context, const AlertmanagerConfig& config, MatcherGrammar grammar)
      : context_(context), file_(context.file), config_(config), grammar_(grammar) {}

  Result<RouteConfig> read(const YamlNode& node, bool is_root) {
    RouteConfig route;
    YamlMapping mapping(file_, node, is_root ? "the root route" : "a route");
    mapping.text("receiver", route.receiver);
    read_group_by(mapping, route);
    read_conditions(context_, mapping, {"match", "match_re", "matchers"}, grammar_,
                    route.conditions);
    mapping.boolean("continue", route.continue_matching);
    mapping.duration("group_wait", route.group_wait);
    read_interval(mapping, "group_interval", route.group_interval);
    read_interval(mapping, "repeat_interval", route.repeat_interval);
    read_time_intervals(mapping, "mute_time_intervals", route.mute_time_intervals);
    read_time_intervals(mapping, "active_time_intervals", route.active_time_intervals);
    mapping.text_map("labels", route.labels);
    mapping.list("routes", [&](const YamlNode& child) -> Result<void> {
      route.routes.push_back(TRY(read(child, false)));
      return {};
    });
    if (is_root) check_root(mapping, route);
    check_receiver(mapping, route);
    TRY(mapping.finish());
    if (is_root && route.receiver.empty()) {
      return file_.error_at(node, "root route must specify a default receiver; add receiver: NAME");
    }
    return route;
  }

 private:
  void read_group_by(YamlMapping& mapping, RouteConfig& route) {
    std::vector<std::string> names;
    const bool is_given = mapping.find("group_by") != nullptr;
    mapping.list("group_by", [&](const YamlNode& item) -> Result<void> {
      std::string name = TRY(file_.text(item, "group_by"));
      if (std::find(names.begin(), names.end(), name) != names.end()) {
        return file_.error_at(
            item, fmt::format("duplicated label {} in group_by; keep one", quote(name)));
      }
      if (name.empty() || !is_utf8(name)) {
        return file_.error_at(item, fmt::format("invalid label name {} in group_by", quote(name)));
      }
      names.push_back(std::move(name));
      return {};
    });
    if (!is_given) return;
    const auto wildcard = std::find(names.begin(), names.end(), kAllLabels);
    route.group_by_all = wildcard != names.end();
    if (route.group_by_all && names.size() > 1) {
      mapping.require(mapping.error_at(
          "group_by",
          "cannot have wildcard group_by (`...`) and other labels at the same time; keep one"));
    }
    if (route.group_by_all) names.clear();
    route.group_by = std::move(names);
  }

  void read_interval(YamlMapping& mapping, std::string_view key, std::optional<Duration>& out) {
    mapping.duration(key, out);
    if (out && out->ms == 0) {
      mapping.require(mapping.error_at(key, fmt::format("{} cannot be zero", key)));
    }
  }

  void read_time_intervals(YamlMapping& mapping, std::string_view key,
                           std::vector<std::string>& out) {
    mapping.list(key, [&](const YamlNode& item) -> Result<void> {
      std::string name = TRY(file_.text(item, key));
      const auto is_name = [&](const NamedTimeIntervals& known) { return known.name == name; };
      const auto& known = config_.time_intervals;
      if (!std::any_of(known.begin(), known.end(), is_name)) {
        return undefined(item, "time interval", name, known);
      }
      out.push_back(std::move(name));
      return {};
    });
  }

  void check_root(YamlMapping& mapping, const RouteConfig& route) {
    const auto refuse = [&](std::string_view key, std::string_view message) {
      mapping.require(mapping.error_at(key, message));
    };
    for (const std::string_view key : {"match", "match_re", "matchers"}) {
      if (!route.conditions.all.empty() && mapping.find(key) != nullptr) {
        refuse(key, "root route must not have any matchers; move them to a route below it");
      }
    }
    if (!route.mute_time_intervals.empty()) {
      refuse("mute_time_intervals", "root route must not have any mute time intervals");
    }
    if (!route.active_time_intervals.empty()) {
      refuse("active_time_intervals", "root route must not have any active time intervals");
    }
  }

  void check_receiver(YamlMapping& mapping, const RouteConfig& route) {
    const YamlNode* node = mapping.find("receiver");
    if (node == nullptr || route.receiver.empty()) return;
    const auto& known = config_.receivers;
    const auto is_name = [&](const ReceiverConfig& receiver) {
      return receiver.name == route.receiver;
    };
    if (std::any_of(known.begin(), known.end(), is_name)) return;
    mapping.require(undefined(*node, "receiver", route.receiver, known));
  }

  template <typename Named>
  tl::unexpected<Error> undefined(const YamlNode& node, std::string_view what,
                                  std::string_view name, const std::vector<Named>& known) const {
    std::vector<std::string_view> names;
    for (const Named& one : known) {
      if (!one.name.empty()) names.push_back(one.name);
    }
    std::string message = fmt::format("undefined {} {} used in route", what, quote(name));
    if (const auto near = nearest(name, names)) {
      message += fmt::format("; did you mean {}?", quote(*near));
    } else if (names.empty()) {
      message += fmt::format("; no {} is defined", what);
    } else {
      message += fmt::format("; defined are {}", fmt::join(names, ", "));
    }
    return file_.error_at(node, message);
  }

  ReadContext& context_;
  const YamlFile& file_;
  const AlertmanagerConfig& config_;
  MatcherGrammar grammar_;
};

}  // namespace

Result<RouteConfig> read_root_route(ReadContext& context, const YamlNode& node,
                                    const AlertmanagerConfig& config, MatcherGrammar grammar) {
  return RouteReader(context, config, grammar).read(node, true);
}

}  // namespace promenade::config
