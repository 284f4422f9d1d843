// System calls with their errors as values: "open prometheus.yml: no such file or directory", the
// words that Go programs use.
#include "native/posix_file_system.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "native/error_text.h"

namespace promenade::native {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> failure(std::string_view action, const std::string& path, int error) {
  return fail(error == ENOENT ? ErrorCode::NotFound : ErrorCode::Internal,
              fmt::format("{} {}: {}", action, path, error_text(error)));
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int value() const { return value_; }

 private:
  int value_;
};

Result<Descriptor> open_file(const std::string& path, int flags) {
  constexpr mode_t kReadableByAll = 0644;
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, kReadableByAll);
  if (descriptor < 0) return failure("open", path, errno);
  return Descriptor(descriptor);
}

Result<uint64_t> size_of(const Descriptor& file, const std::string& path) {
  struct stat status {};
  if (::fstat(file.value(), &status) != 0) return failure("stat", path, errno);
  return static_cast<uint64_t>(status.st_size);
}

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(Descriptor file, std::string path, uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}

  Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.value(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failure("write", path_, errno);
      size_ += static_cast<uint64_t>(written);
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return {};
  }

  Result<void> sync() override {
    if (::fdatasync(file_.value()) != 0) return failure("sync", path_, errno);
    return {};
  }

  uint64_t size() const override { return size_; }

 private:
  Descriptor file_;
  std::string path_;
  uint64_t size_;
};

class PosixMappedFile final : public MappedFile {
 public:
  PosixMappedFile(void* address, size_t size) : address_(address), size_(size) {}
  ~PosixMappedFile() override {
    if (size_ > 0) ::munmap(address_, size_);
  }
  std::string_view bytes() const override { return {static_cast<const char*>(address_), size_}; }

 private:
  void* address_;
  size_t size_;
};

class PosixFileLock final : public FileLock {
 public:
  explicit PosixFileLock(Descriptor file) : file_(std::move(file)) {}

 private:
  Descriptor file_;  // Closing it gives the lock back.
};

}  // namespace

Result<std::string> PosixFileSystem::read(const std::string& path) const {
  const Descriptor file = TRY(open_file(path, O_RDONLY));
  std::string content;
  content.reserve(TRY(size_of(file, path)));
  char buffer[1 << 16];
  for (;;) {
    const ssize_t count = ::read(file.value(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("read", path, errno);
    if (count == 0) return content;
    content.append(buffer, static_cast<size_t>(count));
  }
}

Result<std::unique_ptr<MappedFile>> PosixFileSystem::map(const std::string& path) const {
  const Descriptor file = TRY(open_file(path, O_RDONLY));
  const auto size = static_cast<size_t>(TRY(size_of(file, path)));
  if (size == 0) return std::make_unique<PosixMappedFile>(nullptr, 0);  // mmap refuses length 0.
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.value(), 0);
  if (address == MAP_FAILED) return failure("mmap", path, errno);
  return std::make_unique<PosixMappedFile>(address, size);
}

Result<std::unique_ptr<AppendFile>> PosixFileSystem::append_to(const std::string& path) {
  Descriptor file = TRY(open_file(path, O_WRONLY | O_CREAT | O_APPEND));
  const uint64_t size = TRY(size_of(file, path));
  return std::make_unique<PosixAppendFile>(std::move(file), path, size);
}

Result<void> PosixFileSystem::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failure("rename", from, errno);
  return {};
}

Result<void> PosixFileSystem::remove(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return failure("remove", path, error.value());
  return {};
}

Result<void> PosixFileSystem::create_directories(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return failure("mkdir", path, error.value());
  return {};
}

Result<std::vector<FileEntry>> PosixFileSystem::list(const std::string& path) const {
  std::error_code error;
  std::vector<FileEntry> entries;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;  // An entry that vanishes meanwhile counts as an empty file.
    const bool is_directory = at->is_directory(ignored);
    const uintmax_t size = is_directory ? 0 : at->file_size(ignored);
    entries.push_back({.name = at->path().filename().string(),
                       .is_directory = is_directory,
                       .size = size == static_cast<uintmax_t>(-1) ? 0 : size});
  }
  if (error) return failure("open", path, error.value());
  std::sort(entries.begin(), entries.end(),
            [](const FileEntry& a, const FileEntry& b) { return a.name < b.name; });
  return entries;
}

Result<std::unique_ptr<FileLock>> PosixFileSystem::lock(const std::string& path) {
  Descriptor file = TRY(open_file(path, O_RDWR | O_CREAT));
  if (::flock(file.value(), LOCK_EX | LOCK_NB) == 0) {
    return std::make_unique<PosixFileLock>(std::move(file));
  }
  if (errno != EWOULDBLOCK) return failure("lock", path, errno);
  return fail(ErrorCode::Unavailable, fmt::format("lock {}: another process holds it", path));
}

}  // namespace promenade::native
