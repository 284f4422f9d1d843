// file_sd_configs. Prometheus is told of changes by inotify; a FileSystem has no such thing, so the
// files are read again every few seconds, and parsed only when their bytes have changed.
#include <algorithm>
#include <set>

#include "discovery/discovery.h"

namespace promenade::discovery {
namespace {

// How late a change is seen at most; refresh_interval when that is shorter.
constexpr Duration kPollInterval = Duration::seconds(5);

// The paths that a pattern stands for, sorted; the last segment may hold one '*'.
std::vector<std::string> expand_pattern(const FileSystem& files, const std::string& pattern) {
  const size_t star = pattern.find('*');
  if (star == std::string::npos) return {pattern};
  const size_t slash = pattern.rfind('/');
  const size_t name_at = slash == std::string::npos ? 0 : slash + 1;
  const std::string folder = pattern.substr(0, name_at);
  const std::string prefix = pattern.substr(name_at, star - name_at);
  const std::string suffix = pattern.substr(star + 1);

  std::vector<std::string> paths;
  const auto entries = files.list(folder.empty() ? "." : folder);
  if (!entries) return paths;
  for (const FileEntry& entry : *entries) {
    const std::string& name = entry.name;
    const bool fits = name.size() >= prefix.size() + suffix.size() &&
                      name.compare(0, prefix.size(), prefix) == 0 &&
                      name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
    if (fits && !entry.is_directory) paths.push_back(folder + name);
  }
  return paths;
}

std::vector<TargetGroup> to_groups(const std::string& path,
                                   const std::vector<config::StaticConfig>& configs) {
  std::vector<TargetGroup> groups;
  for (const config::StaticConfig& config : configs) {
    TargetGroup group;
    group.source = path + ":" + std::to_string(groups.size());
    group.labels.insert(config.labels.begin(), config.labels.end());
    group.labels[std::string(kFilePathLabel)] = path;
    for (const std::string& address : config.targets) {
      group.targets.push_back({{std::string(kAddressLabel), address}});
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

class FileProvider final : public Provider {
 public:
  FileProvider(const config::FileSdConfig& config, ProviderContext context,
               std::function<void()> on_change)
      : config_(config), context_(context), on_change_(std::move(on_change)) {
    refresh();
    schedule();
  }
  ~FileProvider() override { context_.clock.cancel(timer_); }

  const std::vector<TargetGroup>& groups() const override { return groups_; }

 private:
  struct File {
    std::string text;        // The bytes last seen, good or bad.
    std::string text_error;  // Why they could not be used; reported once.
    std::string read_error;  // Why they can't be read at the moment; reported once.
    std::vector<TargetGroup> groups;
  };

  void schedule() {
    const Duration interval = std::min(kPollInterval, config_.refresh_interval);
    timer_ = context_.clock.call_at(context_.clock.now() + interval, [this] {
      schedule();
      if (refresh()) on_change_();
    });
  }

  // Whether the groups have changed.
  bool refresh() {
    std::set<std::string> paths;  // Patterns may overlap.
    for (const std::string& pattern : config_.files) {
      for (std::string& path : expand_pattern(context_.files, pattern)) {
        paths.insert(std::move(path));
      }
    }
    std::map<std::string, File> seen;
    for (const std::string& path : paths) {
      File file = std::move(files_[path]);
      if (refresh_file(path, file)) seen[path] = std::move(file);
    }
    files_ = std::move(seen);

    std::vector<TargetGroup> groups;
    for (const auto& [path, file] : files_) {
      groups.insert(groups.end(), file.groups.begin(), file.groups.end());
    }
    if (groups == groups_) return false;
    groups_ = std::move(groups);
    return true;
  }

  // False when there is no such file any more.
  bool refresh_file(const std::string& path, File& file) {
    Result<std::string> text = context_.files.read(path);
    if (!text && text.error().code == ErrorCode::NotFound) return false;
    if (!text) {
      report(path, file.read_error, text.error().message);
      return true;
    }
    file.read_error.clear();
    if (*text == file.text) return true;
    file.text = std::move(*text);
    const auto configs = config::parse_target_file(path, file.text);
    if (configs) {
      file.groups = to_groups(path, *configs);
      file.text_error.clear();
    } else {
      report(path, file.text_error, configs.error().message);
    }
    return true;
  }

  // `known` is what was reported last.
  void report(const std::string& path, std::string& known, const std::string& error) {
    if (known == error) return;
    known = error;
    context_.logger.log(LogLevel::Error, "Error reading target file; its last targets stay",
                        {{"file", path}, {"err", error}});
  }

  const config::FileSdConfig config_;
  ProviderContext context_;
  std::function<void()> on_change_;
  std::map<std::string, File> files_;  // By path.
  std::vector<TargetGroup> groups_;
  TimerId timer_{};
};

}  // namespace

std::unique_ptr<Provider> make_file_provider(const config::FileSdConfig& config,
                                             ProviderContext context,
                                             std::function<void()> on_change) {
  return std::make_unique<FileProvider>(config, context, std::move(on_change));
}

}  // namespace promenade::discovery
