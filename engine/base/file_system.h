#pragma once  // engine/base/file_system.h
// The disk as the engine sees it: enough for a write-ahead log, immutable blocks and
// configuration files. POSIX natively; in memory, with injected faults, in the page and in tests.
// Paths use '/', and relative ones start at the process's working directory (or the root, in
// memory).
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace promenade {

// A file that only grows. Destroying it closes it without syncing.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  virtual Result<void> append(std::string_view bytes) = 0;
  // What was appended so far survives a power cut once this has returned.
  virtual Result<void> sync() = 0;
  virtual uint64_t size() const = 0;
};

// A whole file to read from. bytes() stays valid as long as this object lives, even if the file is
// removed meanwhile.
class MappedFile {
 public:
  virtual ~MappedFile() = default;
  virtual std::string_view bytes() const = 0;
};

// Holds an exclusive lock on a file until it is destroyed.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

struct FileEntry {
  std::string name;  // Without its folder.
  bool is_directory = false;
  uint64_t size = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // Errors carry NotFound when the path does not exist, else Internal, and name the path.
  virtual Result<std::string> read(const std::string& path) const = 0;
  virtual Result<std::unique_ptr<MappedFile>> map(const std::string& path) const = 0;
  // Creates the file, or continues at its end.
  virtual Result<std::unique_ptr<AppendFile>> append_to(const std::string& path) = 0;
  // Atomic: afterwards `to` is either the old file or the whole of `from`.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  // Removes a file, or a folder with all that is in it. A path that is absent is a success.
  virtual Result<void> remove(const std::string& path) = 0;
  virtual Result<void> create_directories(const std::string& path) = 0;
  // The entries of a folder, sorted by name.
  virtual Result<std::vector<FileEntry>> list(const std::string& path) const = 0;
  // Fails with Unavailable when another process holds it.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;
};

}  // namespace promenade
