// zlib's deflate with a gzip header, in one call: the output buffer is large enough from the start.
#include "native/gzip.h"

#include <zlib.h>

#include "base/check.h"

namespace promenade::native {

std::string gzip(std::string_view bytes) {
  constexpr int kGzipHeader =
      16;  // Added to the window bits, asks for gzip instead of zlib framing.
  constexpr int kMemoryLevelDefault = 8;
  z_stream stream{};
  CHECK(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + kGzipHeader,
                     kMemoryLevelDefault, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace promenade::native
