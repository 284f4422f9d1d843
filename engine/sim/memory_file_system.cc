// engine/sim/memory_file_system.cc
// Files are a sorted map from path to bytes, so that a folder's content is a range of keys.
#include "sim/memory_file_system.h"

#include <iterator>
#include <utility>

#include "base/strings.h"

namespace promenade::sim {
namespace {

std::string normal_path(std::string_view path) {
  std::string normal;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (!normal.empty()) normal += '/';
    normal += part;
  }
  return normal;
}

std::string parent_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

tl::unexpected<Error> no_such(const std::string& path) {
  return fail(ErrorCode::NotFound, path + ": no such file or directory");
}

class MemoryAppendFile final : public AppendFile {
 public:
  explicit MemoryAppendFile(std::shared_ptr<std::string> bytes) : bytes_(std::move(bytes)) {}
  Result<void> append(std::string_view bytes) override {
    bytes_->append(bytes);
    return {};
  }
  Result<void> sync() override { return {}; }
  uint64_t size() const override { return bytes_->size(); }

 private:
  std::shared_ptr<std::string> bytes_;
};

// A copy: the view must not move when somebody appends to the file meanwhile.
class MemoryMappedFile final : public MappedFile {
 public:
  explicit MemoryMappedFile(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string_view bytes() const override { return bytes_; }

 private:
  std::string bytes_;
};

class MemoryLock final : public FileLock {
 public:
  MemoryLock(std::shared_ptr<std::set<std::string>> locked, std::string path)
      : locked_(std::move(locked)), path_(std::move(path)) {}
  ~MemoryLock() override { locked_->erase(path_); }

 private:
  std::shared_ptr<std::set<std::string>> locked_;
  std::string path_;
};

// Whether `key` is `folder` or lies below it.
bool is_within(const std::string& key, const std::string& folder) {
  if (folder.empty()) return true;
  return key.rfind(folder, 0) == 0 && (key.size() == folder.size() || key[folder.size()] == '/');
}

}  // namespace

MemoryFileSystem::MemoryFileSystem() : locked_(std::make_shared<std::set<std::string>>()) {
  entries_[""] = nullptr;
}

bool MemoryFileSystem::is_folder(const std::string& key) const {
  const auto it = entries_.find(key);
  return it != entries_.end() && it->second == nullptr;
}

void MemoryFileSystem::write(const std::string& path, std::string_view bytes) {
  const std::string key = normal_path(path);
  (void)create_directories(parent_of(key));
  entries_[key] = std::make_shared<std::string>(bytes);
}

Result<MemoryFileSystem::Bytes> MemoryFileSystem::find(const std::string& path) const {
  const auto it = entries_.find(normal_path(path));
  if (it == entries_.end()) return no_such(path);
  if (it->second == nullptr) return fail(ErrorCode::Internal, path + ": is a directory");
  return it->second;
}

Result<std::string> MemoryFileSystem::read(const std::string& path) const {
  const Bytes bytes = TRY(find(path));
  return *bytes;
}

Result<std::unique_ptr<MappedFile>> MemoryFileSystem::map(const std::string& path) const {
  const Bytes bytes = TRY(find(path));
  return std::make_unique<MemoryMappedFile>(*bytes);
}

Result<std::unique_ptr<AppendFile>> MemoryFileSystem::append_to(const std::string& path) {
  const std::string key = normal_path(path);
  if (entries_.count(key) == 0) {
    if (!is_folder(parent_of(key))) return no_such(path);
    entries_[key] = std::make_shared<std::string>();
  }
  Bytes bytes = TRY(find(path));
  return std::make_unique<MemoryAppendFile>(std::move(bytes));
}

Result<void> MemoryFileSystem::rename(const std::string& from, const std::string& to) {
  const std::string source = normal_path(from);
  const std::string target = normal_path(to);
  if (entries_.count(source) == 0) return no_such(from);
  if (!is_folder(parent_of(target))) return no_such(to);
  if (source == target) return {};
  if (is_within(target, source)) {
    return fail(ErrorCode::Internal, from + ": a folder cannot be moved into itself");
  }
  if (entries_.count(target) > 0 && is_folder(source) != is_folder(target)) {
    return fail(ErrorCode::Internal, to + ": a file and a folder cannot replace each other");
  }
  TRY(remove(to));
  std::map<std::string, Bytes> moved;
  for (auto it = entries_.lower_bound(source); it != entries_.end();) {
    if (it->first.rfind(source, 0) != 0) break;
    if (is_within(it->first, source)) {
      moved[target + it->first.substr(source.size())] = std::move(it->second);
      it = entries_.erase(it);
    } else {
      ++it;
    }
  }
  entries_.merge(moved);
  return {};
}

Result<void> MemoryFileSystem::remove(const std::string& path) {
  const std::string key = normal_path(path);
  if (key.empty()) return fail(ErrorCode::Internal, path + ": the root cannot be removed");
  for (auto it = entries_.lower_bound(key); it != entries_.end();) {
    if (it->first.rfind(key, 0) != 0) break;
    it = is_within(it->first, key) ? entries_.erase(it) : std::next(it);
  }
  return {};
}

Result<void> MemoryFileSystem::create_directories(const std::string& path) {
  const std::string key = normal_path(path);
  for (size_t slash = 0; slash != std::string::npos;) {
    slash = key.find('/', slash + 1);
    const std::string folder = key.substr(0, slash);
    const auto [it, is_new] = entries_.try_emplace(folder, nullptr);
    if (!is_new && it->second != nullptr) {
      return fail(ErrorCode::Internal, folder + ": is a file, not a directory");
    }
  }
  return {};
}

Result<std::vector<FileEntry>> MemoryFileSystem::list(const std::string& path) const {
  const std::string key = normal_path(path);
  if (entries_.count(key) == 0) return no_such(path);
  if (!is_folder(key)) return fail(ErrorCode::Internal, path + ": is not a directory");
  const std::string prefix = key.empty() ? "" : key + "/";
  std::vector<FileEntry> entries;
  for (auto it = entries_.upper_bound(prefix); it != entries_.end(); ++it) {
    if (it->first.rfind(prefix, 0) != 0) break;
    std::string name = it->first.substr(prefix.size());
    if (name.empty() || name.find('/') != std::string::npos) continue;
    const bool is_directory = it->second == nullptr;
    entries.push_back({std::move(name), is_directory, is_directory ? 0 : it->second->size()});
  }
  return entries;
}

Result<std::unique_ptr<FileLock>> MemoryFileSystem::lock(const std::string& path) {
  const std::string key = normal_path(path);
  if (!is_folder(parent_of(key))) return no_such(path);
  if (!locked_->insert(key).second) {
    return fail(ErrorCode::Unavailable, path + ": somebody else holds this lock");
  }
  return std::make_unique<MemoryLock>(locked_, key);
}

}  // namespace promenade::sim
