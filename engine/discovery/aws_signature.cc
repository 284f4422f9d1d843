// Three texts, each the hash or the key of the next: the request in its canonical form, what is
// signed of it, and the signature.
#include "discovery/aws_signature.h"

#include <fmt/format.h>

#include "base/sha256.h"
#include "base/strings.h"
#include "model/civil_date.h"

namespace promenade::discovery {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

// 20150830T123600Z
std::string basic_time(Timestamp now) {
  const int64_t seconds = floor_divide(now.ms, 1000);
  const CivilDate date = civil_date(floor_divide(seconds, 86400));
  const int64_t second = floor_modulo(seconds, 86400);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", date.year, date.month, date.day,
                     second / 3600, second / 60 % 60, second % 60);
}

}  // namespace

void sign(HttpRequest& request, const AwsSigner& signer, Timestamp now) {
  const UrlParts url = split_url(request.url);
  const std::string time = basic_time(now);
  const std::string day = time.substr(0, 8);
  request.headers.set("X-Amz-Date", time);

  std::string headers;
  std::string names;
  if (const std::string_view type = request.headers.get("Content-Type"); !type.empty()) {
    headers += fmt::format("content-type:{}\n", trim(type));
    names = "content-type;";
  }
  headers += fmt::format("host:{}\nx-amz-date:{}\n", url.authority, time);
  names += "host;x-amz-date";
  const std::string canonical =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, url.path.empty() ? "/" : url.path,
                  url.query, headers, names, sha256_hex(request.body));

  const std::string scope =
      fmt::format("{}/{}/{}/aws4_request", day, signer.region, signer.service);
  const std::string text =
      fmt::format("{}\n{}\n{}\n{}", kAlgorithm, time, scope, sha256_hex(canonical));
  std::string key = hmac_sha256("AWS4" + signer.secret_key, day);
  key = hmac_sha256(key, signer.region);
  key = hmac_sha256(key, signer.service);
  key = hmac_sha256(key, "aws4_request");
  request.headers.set("Authorization",
                      fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                                  signer.access_key, scope, names, to_hex(hmac_sha256(key, text))));
}

}  // namespace promenade::discovery
