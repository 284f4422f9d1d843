// The headers of a request, and which responses may be parsed.
#include "scrape/http_exchange.h"

#include <gtest/gtest.h>

#include "sim/memory_file_system.h"

namespace promenade::scrape {
namespace {

config::ScrapeConfig job(const std::string& lines) {
  auto config = config::parse_config("p.yml", "scrape_configs:\n- job_name: web\n  " + lines);
  EXPECT_TRUE(config) << config.error().message;
  return config ? config->scrape_configs.at(0) : config::ScrapeConfig{};
}

Target target_with_timeout(Duration timeout) {
  Target target;
  target.url = "http://a:80/metrics";
  target.timeout = timeout;
  return target;
}

TEST(ScrapeRequest, SaysWhoAsksAndWhatItCanRead) {
  const sim::MemoryFileSystem files;
  const auto request = build_request(job(""), target_with_timeout(Duration::milliseconds(2500)),
                                     files, "Prometheus/1");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, "GET");
  EXPECT_EQ(request->url, "http://a:80/metrics");
  EXPECT_EQ(request->headers.get("Accept"),
            "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,"
            "*/*;q=0.4");
  EXPECT_EQ(request->headers.get("Accept-Encoding"), "gzip");
  EXPECT_EQ(request->headers.get("User-Agent"), "Prometheus/1");
  EXPECT_EQ(request->headers.get("X-Prometheus-Scrape-Timeout-Seconds"), "2.5");
  EXPECT_EQ(request->headers.get("Authorization"), "");
}

TEST(ScrapeRequest, FollowsTheSettingsOfTheJob) {
  sim::MemoryFileSystem files;
  files.write("token.txt", "s3cret\n");
  const auto header = [&](const std::string& lines, const char* name) {
    const auto request =
        build_request(job(lines), target_with_timeout(Duration::seconds(1)), files, "x");
    return request ? std::string(request->headers.get(name)) : request.error().message;
  };
  EXPECT_EQ(header("enable_compression: false", "Accept-Encoding"), "identity");
  EXPECT_EQ(header("scrape_protocols: [PrometheusText0.0.4]", "Accept"),
            "text/plain;version=0.0.4;q=0.6,*/*;q=0.5");
  EXPECT_EQ(header("metric_name_validation_scheme: legacy", "Accept"),
            "text/plain;version=1.0.0;escaping=underscores;q=0.6,text/plain;version=0.0.4;q=0.5,"
            "*/*;q=0.4");
  EXPECT_EQ(header("basic_auth: {username: Aladdin, password: open sesame}", "Authorization"),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_EQ(header("authorization: {credentials_file: token.txt}", "Authorization"),
            "Bearer s3cret");
  EXPECT_EQ(header("http_headers: {X-Team: {secrets: [a]}, Accept: {values: [b]}}", "X-Team"), "a");
  EXPECT_EQ(header("http_headers: {Accept: {values: [b]}}", "Accept"), "b");
  EXPECT_EQ(header("basic_auth: {password_file: gone.txt}", "Authorization").substr(0, 48),
            "unable to read basic auth password file gone.txt");
}

TEST(ScrapeRequest, Base64IsThatOfRfc4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

std::string verdict(const std::string& lines, int status, const char* content_type,
                    const std::string& body = "a 1\n") {
  HttpResponse response;
  response.status = status;
  if (content_type != nullptr) response.headers.set("Content-Type", content_type);
  response.body = body;
  const auto result = check_response(job(lines), response);
  return result ? "fine" : result.error().message;
}

TEST(ScrapeResponse, TableOfVerdicts) {
  const struct {
    const char* lines;
    int status;
    const char* content_type;
    const char* verdict;
  } cases[] = {
      {"", 200, "text/plain", "fine"},
      {"", 200, "Text/Plain; version=0.0.4; charset=utf-8", "fine"},
      {"", 500, "text/plain", "server returned HTTP status 500 Internal Server Error"},
      {"", 204, "text/plain", "server returned HTTP status 204 No Content"},
      {"", 599, "text/plain", "server returned HTTP status 599"},
      {"", 200, nullptr,
       "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol "
       "specified for target"},
      {"", 200, "nonsense",
       "cannot parse Content-Type \"nonsense\" and no fallback_scrape_protocol for target"},
      {"", 200, "application/json",
       "received unsupported Content-Type \"application/json\" and no fallback_scrape_protocol "
       "specified for target"},
      {"fallback_scrape_protocol: PrometheusText0.0.4", 200, nullptr, "fine"},
      {"fallback_scrape_protocol: PrometheusText1.0.0", 200, "application/json", "fine"},
      {"fallback_scrape_protocol: PrometheusProto", 200, "application/json",
       "received Content-Type \"application/json\" and the fallback_scrape_protocol "
       "PrometheusProto, which can't be read yet; use PrometheusText0.0.4"},
      {"", 200, "application/openmetrics-text; version=1.0.0",
       "received Content-Type \"application/openmetrics-text; version=1.0.0\", which can't be read "
       "yet; let the target send text/plain;version=0.0.4, which the Accept header asks for"},
      {"body_size_limit: 4B", 200, "text/plain", "body size limit exceeded"},
      {"body_size_limit: 5B", 200, "text/plain", "fine"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(verdict(c.lines, c.status, c.content_type), c.verdict) << c.lines;
  }
}

TEST(ScrapeResponse, AnEmptyBodyIsFineWhateverItClaimsToBe) {
  EXPECT_EQ(verdict("", 200, nullptr, ""), "fine");
  EXPECT_EQ(verdict("", 200, "application/json", ""), "fine");
}

}  // namespace
}  // namespace promenade::scrape
