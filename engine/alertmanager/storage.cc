// A new file beside the old one, then renamed.
#include "alertmanager/storage.h"

#include <fmt/format.h>

namespace promenade::alertmanager {

Result<void> load_file(const FileSystem& files, const std::string& folder, std::string_view name,
                       const std::function<Result<void>(std::string_view)>& load) {
  const std::string path = fmt::format("{}/{}", folder, name);
  const auto bytes = files.read(path);
  if (!bytes) {
    if (bytes.error().code == ErrorCode::NotFound) return {};
    return tl::unexpected(bytes.error());
  }
  const auto loaded = load(*bytes);
  if (loaded) return {};
  return fail(ErrorCode::BadData, fmt::format("{}: {}", path, loaded.error().message));
}

Result<void> store_file(FileSystem& files, const std::string& folder, std::string_view name,
                        std::string_view bytes) {
  const std::string path = fmt::format("{}/{}", folder, name);
  const std::string temporary = path + ".new";
  TRY(files.remove(temporary));
  {
    const auto file = TRY(files.append_to(temporary));
    TRY(file->append(bytes));
    TRY(file->sync());
  }
  return files.rename(temporary, path);
}

}  // namespace promenade::alertmanager
