#pragma once  // native/posix_file_system.h
// The machine's files behind the engine's interface. Stateless; safe from any thread.
#include "base/file_system.h"

namespace promenade::native {

class PosixFileSystem final : public FileSystem {
 public:
  Result<std::string> read(const std::string& path) const override;
  Result<std::unique_ptr<MappedFile>> map(const std::string& path) const override;
  Result<std::unique_ptr<AppendFile>> append_to(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> create_directories(const std::string& path) override;
  Result<std::vector<FileEntry>> list(const std::string& path) const override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;
};

}  // namespace promenade::native
