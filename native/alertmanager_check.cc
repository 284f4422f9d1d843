// What amtool prints, for the same files.
#include "native/alertmanager_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "alertmanager/receivers/text_expander.h"
#include "alertmanager/route_tree.h"
#include "base/strings.h"
#include "config/alertmanager/alertmanager_config.h"
#include "config/alertmanager/label_matchers.h"
#include "native/posix_file_system.h"

namespace promenade::native {
namespace {

using alertmanager::Route;
using alertmanager::RouteTree;

constexpr const char* kZoneinfo = "/usr/share/zoneinfo";

Result<config::AlertmanagerConfig> load(const std::string& file) {
  const PosixFileSystem files;
  const std::string text = TRY(files.read(file));
  return config::parse_alertmanager_config(file, text, {TimeZones(&files, kZoneinfo), {}});
}

// The templates, too: a broken one is found here and not when it is needed.
Result<config::AlertmanagerConfig> load_all(const std::string& file) {
  config::AlertmanagerConfig config = TRY(load(file));
  const PosixFileSystem files;
  TRY(alertmanager::TextExpander::create(config, files, kZoneinfo));
  return config;
}

bool check_one(const std::string& file) {
  fmt::print("Checking '{}'", file);
  const auto config = load_all(file);
  if (!config) {
    fmt::print("  FAILED: {}\n\n", config.error().message);
    return false;
  }
  fmt::print("  SUCCESS\nFound:\n - global config\n - route\n");
  fmt::print(" - {} inhibit rules\n", config->inhibit_rules.size());
  fmt::print(" - {} receivers\n", config->receivers.size());
  fmt::print(" - {} templates\n", config->templates.size());
  if (!config->templates.empty()) fmt::print("  SUCCESS\n");
  for (const std::string& notice : config->notices) fmt::print("  note: {}\n", notice);
  fmt::print("\n");
  return true;
}

// A tree drawn with box characters and blanks that do not break, as amtool draws it.
struct TreeNode {
  std::string text;
  std::vector<TreeNode> children;
};

void draw(const std::vector<TreeNode>& nodes, const std::string& indent) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    const bool is_last = i + 1 == nodes.size();
    fmt::print("{}{} {}\n", indent, is_last ? "└──" : "├──", nodes[i].text);
    draw(nodes[i].children, indent + (is_last ? "    " : "│\u00a0\u00a0 "));
  }
}

std::string route_text(const Route& route, bool shows_continue) {
  std::string text =
      route.matchers().empty() ? "default-route" : config::label_matchers_text(route.matchers());
  if (shows_continue && route.continues()) text += "  continue: true";
  return text + fmt::format("  receiver: {}", route.options().receiver);
}

TreeNode whole_tree(const Route& route) {
  TreeNode node{route_text(route, true), {}};
  for (const auto& child : route.children()) node.children.push_back(whole_tree(*child));
  return node;
}

// The routes on the way to those that take the alert; only the last ones name a receiver.
TreeNode matching_tree(const Route& route, const Labels& labels) {
  TreeNode node;
  for (const auto& child : route.children()) {
    if (!child->matches(labels)) continue;
    node.children.push_back(matching_tree(*child, labels));
    if (!child->continues()) break;
  }
  node.text = node.children.empty()      ? route_text(route, false)
              : route.matchers().empty() ? "default-route"
                                         : config::label_matchers_text(route.matchers());
  return node;
}

Result<Labels> parse_labels(const std::vector<std::string>& texts) {
  LabelsBuilder labels;
  for (const std::string& text : texts) {
    const auto matchers = config::parse_label_matchers(text);
    if (!matchers) {
      return bad_data(fmt::format("Failed to parse labels: {}\n", matchers.error().message));
    }
    for (const Matcher& matcher : *matchers) {
      if (matcher.type() != MatchType::Equal) {
        return bad_data(fmt::format("Failed to parse labels: {} is not name=value\n", text));
      }
      labels.set(matcher.name(), matcher.value());
    }
  }
  return labels.build();
}

int test_routes(const RouteTree& routes, const AlertmanagerRoutesCommand& command) {
  const auto labels = parse_labels(command.labels);
  if (!labels) {
    fmt::print(stderr, "promenade: {}\n", labels.error().message);
    return 1;
  }
  if (command.shows_tree) {
    fmt::print("Matching routes:\n.\n");
    draw({matching_tree(routes.root(), *labels)}, "");
    fmt::print("\n\n");
  }
  const std::vector<std::string> receivers = routes.receivers(*labels);
  const std::string list = join(receivers, ",");
  fmt::print("{}\n", list);
  if (command.verified_receivers.empty() || command.verified_receivers == list) return 0;
  fmt::print("WARNING: Expected receivers did not match resolved receivers.\n");
  return 1;
}

}  // namespace

int check_alertmanager(const std::vector<std::string>& files) {
  size_t failed = 0;
  for (const std::string& file : files) failed += check_one(file) ? 0 : 1;
  if (failed == 0) return 0;
  std::fflush(stdout);
  fmt::print(stderr, "promenade: failed to validate {} file(s)\n", failed);
  return 1;
}

int run_alertmanager_routes(const AlertmanagerRoutesCommand& command) {
  const auto config = load(command.config_file);
  if (!config) {
    fmt::print(stderr, "promenade: {}\n", config.error().message);
    return 1;
  }
  const RouteTree routes(config->route);
  if (command.is_test) return test_routes(routes, command);
  fmt::print("Routing tree:\n.\n");
  draw({whole_tree(routes.root())}, "");
  fmt::print("\n");
  return 0;
}

}  // namespace promenade::native
