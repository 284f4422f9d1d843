#pragma once  // engine/sim/memory_file_system.h
// A disk in memory, for the servers of a simulated world and for tests. Same promises as
// FileSystem; sync() is free, since there is no power to fail.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"

namespace promenade::sim {

class MemoryFileSystem final : public FileSystem {
 public:
  MemoryFileSystem();

  // Creates or replaces a whole file, and the folders above it.
  void write(const std::string& path, std::string_view bytes);

  // FileSystem.
  Result<std::string> read(const std::string& path) const override;
  Result<std::unique_ptr<MappedFile>> map(const std::string& path) const override;
  Result<std::unique_ptr<AppendFile>> append_to(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> create_directories(const std::string& path) override;
  Result<std::vector<FileEntry>> list(const std::string& path) const override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;

 private:
  // Shared with open files, which outlive a removal as on POSIX.
  using Bytes = std::shared_ptr<std::string>;

  bool is_folder(const std::string& key) const;
  Result<Bytes> find(const std::string& path) const;

  // Keys are normal paths: no leading or doubled '/', no "."; the root is "". Null is a folder.
  std::map<std::string, Bytes> entries_;
  std::shared_ptr<std::set<std::string>> locked_;
};

}  // namespace promenade::sim
