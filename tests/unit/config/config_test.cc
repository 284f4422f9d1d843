// Defaults, inheritance, every kind of mistake with its place, and the normalised dump.
#include "config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promenade::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Config parse(std::string_view text) {
  auto config = parse_config("etc/prometheus.yml", text);
  EXPECT_TRUE(config) << config.error().message;
  return config ? std::move(*config) : Config{};
}

std::string parse_error(std::string_view text) {
  const auto config = parse_config("p.yml", text);
  return config ? "no error" : config.error().message;
}

TEST(Config, AnEmptyFileTakesAllDefaults) {
  const Config config = parse("");
  EXPECT_EQ(config.global.scrape_interval, Duration::minutes(1));
  EXPECT_EQ(config.global.scrape_timeout, Duration::seconds(10));
  EXPECT_EQ(config.global.evaluation_interval, Duration::minutes(1));
  EXPECT_TRUE(config.scrape_configs.empty());
  EXPECT_TRUE(config.notices.empty());
  EXPECT_EQ(parse("global:\n").global.scrape_interval, Duration::minutes(1));
}

TEST(Config, JobsInheritFromGlobal) {
  const Config config = parse(R"(
global:
  scrape_interval: 15s
  sample_limit: 100
  body_size_limit: 10MB
scrape_configs:
  - job_name: a
  - job_name: b
    scrape_interval: 5s
    sample_limit: 7
)");
  const ScrapeConfig& a = config.scrape_configs.at(0);
  EXPECT_EQ(a.scrape_interval, Duration::seconds(15));
  EXPECT_EQ(a.scrape_timeout, Duration::seconds(10));
  EXPECT_EQ(a.limits.samples, 100u);
  EXPECT_EQ(a.limits.body_size, 10u << 20);
  EXPECT_EQ(a.scrape_protocols.size(), 4u);
  const ScrapeConfig& b = config.scrape_configs.at(1);
  EXPECT_EQ(b.scrape_timeout, Duration::seconds(5));  // The interval is shorter than the default.
  EXPECT_EQ(b.limits.samples, 7u);
}

TEST(Config, ReadsAWholeJob) {
  const Config config = parse(R"(
scrape_configs:
  - job_name: web
    metrics_path: /federate
    scheme: https
    params: {"match[]": ["up", "down"]}
    honor_labels: true
    honor_timestamps: false
    enable_compression: false
    fallback_scrape_protocol: PrometheusText0.0.4
    scrape_protocols: [PrometheusText0.0.4]
    basic_auth: {username: u, password_file: secret.txt}
    http_headers: {X-Team: {values: [a]}}
    static_configs:
      - targets: ["a:1", "b:2"]
        labels: {env: prod}
    file_sd_configs:
      - files: ["targets/*.json", /abs.yml]
        refresh_interval: 30s
    relabel_configs:
      - source_labels: [__address__]
        target_label: host
        action: Lowercase
    metric_relabel_configs:
      - {source_labels: [__name__], regex: "go_.*", action: drop}
)");
  const ScrapeConfig& job = config.scrape_configs.at(0);
  EXPECT_EQ(job.metrics_path, "/federate");
  EXPECT_EQ(job.scheme, "https");
  EXPECT_THAT(job.params.at("match[]"), ElementsAre("up", "down"));
  EXPECT_TRUE(job.honor_labels);
  EXPECT_FALSE(job.honor_timestamps);
  EXPECT_FALSE(job.enable_compression);
  EXPECT_EQ(job.fallback_scrape_protocol, ScrapeProtocol::PrometheusText0_0_4);
  EXPECT_EQ(job.http.basic_auth->password_file, "etc/secret.txt");
  EXPECT_EQ(job.http.headers.at(0).name, "X-Team");
  EXPECT_THAT(job.static_configs.at(0).targets, ElementsAre("a:1", "b:2"));
  EXPECT_EQ(job.static_configs.at(0).labels.at("env"), "prod");
  EXPECT_THAT(job.file_sd_configs.at(0).files, ElementsAre("etc/targets/*.json", "/abs.yml"));
  EXPECT_EQ(job.file_sd_configs.at(0).refresh_interval, Duration::seconds(30));
  EXPECT_EQ(job.relabel_configs.at(0).action, RelabelAction::Lowercase);
  EXPECT_EQ(job.metric_relabel_configs.at(0).regex, "go_.*");
  EXPECT_NE(job.metric_relabel_configs.at(0).compiled, nullptr);
  EXPECT_TRUE(config.notices.empty());
}

TEST(Config, SectionsWithoutEffectAreNoticed) {
  const Config config = parse(R"(
runtime: {gogc: 75}
rule_files: [rules/*.yml]
alerting: {alertmanagers: [{sigv4: {}, azure_sd_configs: [{subscription_id: c}]}]}
remote_write: [{url: http://x/}]
storage: {tsdb: {out_of_order_time_window: 30m, retention: {time: 3d, size: 5GB}}}
tracing: {endpoint: x}
scrape_configs:
  - job_name: k
    kubernetes_sd_configs: [{role: pod, kubeconfig_file: k}]
    ec2_sd_configs: [{region: r}]
    tls_config: {insecure_skip_verify: true}
    follow_redirects: false
global: {external_labels: {site: $SITE}}
)");
  EXPECT_THAT(
      config.notices,
      ::testing::UnorderedElementsAre(
          "etc/prometheus.yml:2:10: runtime is accepted and has no effect yet",
          "etc/prometheus.yml:4:36: alerting.alertmanagers.sigv4 is accepted and has no effect yet",
          "etc/prometheus.yml:4:58: alerting.alertmanagers.azure_sd_configs is accepted and has no "
          "effect yet",
          "etc/prometheus.yml:5:15: remote_write is accepted and has no effect yet",
          "etc/prometheus.yml:6:44: storage.tsdb.out_of_order_time_window is accepted and has no "
          "effect yet",
          "etc/prometheus.yml:6:77: storage.tsdb.retention.size is accepted and has no effect yet",
          "etc/prometheus.yml:7:10: tracing is accepted and has no effect yet",
          "etc/prometheus.yml:10:58: scrape_configs[k].kubernetes_sd_configs.kubeconfig_file is "
          "accepted and has no effect yet",
          "etc/prometheus.yml:11:22: scrape_configs[k].ec2_sd_configs needs region, access_key and "
          "secret_key; the machine's own are not looked up yet",
          "etc/prometheus.yml:12:17: scrape_configs[k].tls_config is accepted and has no effect "
          "yet",
          "etc/prometheus.yml:13:23: scrape_configs[k].follow_redirects: false is accepted and has "
          "no effect yet",
          "etc/prometheus.yml:14:27: global.external_labels.site: $ is not replaced from the "
          "environment yet"));
  EXPECT_EQ(config.retention, Duration::hours(72));
  EXPECT_THAT(config.rule_files, ElementsAre("etc/rules/*.yml"));
}

TEST(Config, ReadsAlertmanagers) {
  const Config config = parse(R"(
alerting:
  alert_relabel_configs: [{action: labeldrop, regex: replica}]
  alertmanagers:
    - scheme: https
      path_prefix: /am
      timeout: 3s
      api_version: v2
      basic_auth: {username: u, password: p}
      static_configs: [{targets: [am-1:9093, am-2:9093]}]
      file_sd_configs: [{files: [/am/*.json]}]
      relabel_configs: [{source_labels: [env], regex: prod, action: keep}]
      alert_relabel_configs: [{target_label: to, replacement: am}]
    - static_configs: [{targets: [other:9093]}]
)");
  EXPECT_EQ(config.alerting.alert_relabel_configs.size(), 1u);
  ASSERT_EQ(config.alerting.alertmanagers.size(), 2u);
  const AlertmanagerEndpoints& set = config.alerting.alertmanagers[0];
  EXPECT_EQ(set.scheme, "https");
  EXPECT_EQ(set.path_prefix, "/am");
  EXPECT_EQ(set.timeout, Duration::seconds(3));
  EXPECT_EQ(set.http.basic_auth->username, "u");
  EXPECT_THAT(set.static_configs.at(0).targets, ElementsAre("am-1:9093", "am-2:9093"));
  EXPECT_THAT(set.file_sd_configs.at(0).files, ElementsAre("/am/*.json"));
  EXPECT_EQ(set.relabel_configs.size(), 1u);
  EXPECT_EQ(set.alert_relabel_configs.size(), 1u);
  EXPECT_EQ(config.alerting.alertmanagers[1].timeout, Duration::seconds(10));
  EXPECT_EQ(config.alerting.alertmanagers[1].path_prefix, "/");
  EXPECT_THAT(to_yaml(config), HasSubstr(R"(
alerting:
  alert_relabel_configs:
  - separator: ;
    regex: replica
    replacement: $1
    action: labeldrop
  alertmanagers:
  - basic_auth:
      username: u
      password: <secret>
)"));
  EXPECT_EQ(to_yaml(parse(to_yaml(config))), to_yaml(config));
}

// One line of YAML after "scrape_configs:\n- job_name: x\n  ".
std::string job_error(const std::string& line) {
  return parse_error("scrape_configs:\n- job_name: x\n  " + line + "\n");
}

TEST(Config, RejectsMistakesWithAPlaceAndARemedy) {
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"scrape_config: []",
       "p.yml:1:1: found the unknown key \"scrape_config\" in the configuration; did you mean "
       "\"scrape_configs\"?"},
      {"global: {scrape_interval: 10s, scrape_timeout: 20s}",
       "p.yml:1:48: global scrape timeout greater than scrape interval: found 20s, expected at "
       "most 10s; lower the timeout or raise the interval"},
      {"global:\n  external_labels: {\"\": x}\n", "p.yml:2:21: \"\" is not a valid label name"},
      {"scrape_configs:\n- scrape_interval: 5s\n",
       "p.yml:2:3: a scrape configuration lacks the key \"job_name\"; add it"},
      {"scrape_configs:\n- job_name: \"\"\n", "p.yml:2:13: job_name is empty; give the job a name"},
      {"scrape_configs:\n-\n",
       "p.yml:3:1: scrape_configs: found an empty list item; fill it in or remove the \"-\""},
      {"scrape_configs:\n- job_name: a\n- job_name: a\n",
       "p.yml:3:3: found multiple scrape configs with job name \"a\"; rename one"},
      {"alerting: {alertmanagers: [{static_configs: [{targets: ['http://am:9093']}]}]}",
       "p.yml:1:45: \"http://am:9093\" is not a valid hostname; write host:port here, and set "
       "scheme "
       "and path_prefix for the rest of the URL"},
      {"alerting: {alertmanagers: [{api_version: v1}]}",
       "p.yml:1:42: expected Alertmanager api version to be v2, found \"v1\"; write v2 or remove "
       "the "
       "key, which every Alertmanager since 0.16 understands"},
      {"storage: {tsdb: {retention.time: 15d}}",
       "p.yml:1:18: found the unknown key \"retention.time\" in storage.tsdb; write \"retention:\" "
       "and "
       "below it, indented, \"time:\""},
      {"alerting: {alertmangers: []}",
       "p.yml:1:12: found the unknown key \"alertmangers\" in the alerting section; did you mean "
       "\"alertmanagers\"?"},
      {"rule_files: [\"r*/x.yml\"]",
       "p.yml:1:14: invalid rule file path \"r*/x.yml\": wildcards may stand in the last part "
       "only"},
      {"storage: {tsdb: {retention: {tiem: 1d}}}",
       "p.yml:1:30: found the unknown key \"tiem\" in storage.tsdb.retention; did you mean "
       "\"time\"?"},
  };
  for (const auto& c : cases) EXPECT_EQ(parse_error(c.text), c.error) << c.text;
}

TEST(Config, RejectsMistakesInAJob) {
  const struct {
    const char* line;
    const char* error;
  } cases[] = {
      {"scrape_intervall: 5s",
       "p.yml:3:3: found the unknown key \"scrape_intervall\" in a scrape configuration; did you "
       "mean \"scrape_interval\"?"},
      {"scrape_interval: 5",
       "p.yml:3:20: scrape_interval: found \"5\", expected a duration such as 15s or 1m30s; did "
       "you mean 5s?"},
      {"scrape_timeout: 2m",
       "p.yml:3:19: scrape timeout greater than scrape interval for scrape config with job name "
       "\"x\": found 2m, expected at most 1m; lower the timeout or raise the interval"},
      {"scheme: ftp", "p.yml:3:11: scheme: found \"ftp\", expected http or https"},
      {"params: {a: b}", "p.yml:3:15: params: found \"b\" for \"a\", expected a list; write [b]"},
      {"scrape_protocols: []",
       "p.yml:3:21: scrape_protocols cannot be empty; name a protocol or remove the key"},
      {"scrape_protocols: [OpenMetricsText1.0.0, OpenMetricsText1.0.0]",
       "p.yml:3:44: duplicated protocol in scrape_protocols: OpenMetricsText1.0.0; keep one"},
      {"fallback_scrape_protocol: PrometheusText0.0.5",
       "p.yml:3:29: a scrape protocol: found \"PrometheusText0.0.5\", expected PrometheusProto, "
       "PrometheusText0.0.4, PrometheusText1.0.0, OpenMetricsText0.0.1 or OpenMetricsText1.0.0; "
       "did you mean PrometheusText0.0.4?"},
      {"static_configs: [{targets: [\"http://a:1/metrics\"]}]",
       "p.yml:3:19: \"http://a:1/metrics\" is not a valid hostname; write host:port here, and set "
       "scheme and metrics_path for the rest of the URL"},
      {"static_configs: [{target: [a]}]",
       "p.yml:3:21: found the unknown key \"target\" in a target group; did you mean "
       "\"targets\"?"},
      {"file_sd_configs: [{files: []}]",
       "p.yml:3:29: file service discovery config must contain at least one path name"},
      {"file_sd_configs: [{files: [\"a*b/c.json\"]}]",
       "p.yml:3:30: path name \"a*b/c.json\" is not valid for file discovery; expected a path that "
       "ends in .json, .yml or .yaml, with at most one * in its last part"},
      {"file_sd_configs: [{files: [a.txt]}]",
       "p.yml:3:30: path name \"a.txt\" is not valid for file discovery; expected a path that "
       "ends in .json, .yml or .yaml, with at most one * in its last part"},
      {"authorization: {type: Basic}",
       "p.yml:3:25: authorization type cannot be set to \"basic\", use \"basic_auth\" instead"},
      {"basic_auth: {password: a, password_file: b}",
       "p.yml:3:44: at most one of password & password_file must be configured; remove one"},
      {"http_headers: {host: {values: [a]}}",
       "p.yml:3:18: setting header \"host\" is not allowed; remove it"},
      {"body_size_limit: 10",
       "p.yml:3:20: body_size_limit: found \"10\", expected a size such as "
       "512KB or 10MB; did you mean 10B?"},
  };
  for (const auto& c : cases) EXPECT_EQ(job_error(c.line), c.error) << c.line;
  EXPECT_EQ(job_error("basic_auth: {}\n  authorization: {}"),
            "p.yml:3:15: at most one of basic_auth, oauth2, bearer_token & authorization must be "
            "configured; keep one");
}

TEST(Config, RejectsRelabellingRulesThatCanNotWork) {
  const struct {
    const char* rule;
    const char* error;
  } cases[] = {
      {"regex: \"(\"", "regex: found \"(\", expected an RE2 regular expression: "},
      {"action: \"\"", "relabel action cannot be empty"},
      {"action: kepp", "action: found \"kepp\", expected replace, keep, "},
      {"action: kepp", "did you mean keep?"},
      {"action: replace",
       "relabel configuration for replace action requires 'target_label' value; "},
      {"{action: hashmod, target_label: a}",
       "relabel configuration for hashmod requires non-zero modulus"},
      {"{action: labelmap, replacement: \"\"}",
       "\"\" is invalid 'replacement' for labelmap action"},
      {"{action: lowercase, target_label: a, replacement: b}",
       "'replacement' can not be set for lowercase action"},
      {"{action: keepequal, target_label: a, regex: b}",
       "keepequal action requires only 'source_labels' and 'target_label', and no other fields"},
      {"{action: labeldrop, source_labels: [a]}",
       "labeldrop action requires only 'regex', and no other fields"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(job_error(std::string("relabel_configs:\n  - ") + c.rule), HasSubstr(c.error))
        << c.rule;
  }
}

TEST(Config, LegacyNamesAreChecked) {
  EXPECT_EQ(job_error("metric_name_validation_scheme: legacy\n  "
                      "static_configs: [{labels: {\"a.b\": c}}]"),
            "p.yml:4:30: \"a.b\" is not a valid label name");
  EXPECT_EQ(job_error("static_configs: [{labels: {\"a.b\": c}}]"), "no error");
}

TEST(Config, TheDumpIsNormalisedAndHidesSecrets) {
  const Config config = parse(R"(
global: {scrape_interval: 15s, external_labels: {site: "1"}}
remote_write:
  - url: http://me:pw@host/write
    basic_auth: {username: me, password: pw}
scrape_configs:
  - job_name: web
    authorization: {credentials: token}
    static_configs: [{targets: [a:1], labels: {env: prod}}]
    relabel_configs: [{source_labels: [a], regex: "b: c", target_label: d}]
)");
  EXPECT_EQ(to_yaml(config), R"(global:
  scrape_interval: 15s
  scrape_timeout: 10s
  scrape_protocols:
  - OpenMetricsText1.0.0
  - OpenMetricsText0.0.1
  - PrometheusText1.0.0
  - PrometheusText0.0.4
  evaluation_interval: 1m
  external_labels:
    site: "1"
  extra_scrape_metrics: false
  metric_name_validation_scheme: utf8
scrape_configs:
- job_name: web
  honor_labels: false
  honor_timestamps: true
  track_timestamps_staleness: false
  scrape_interval: 15s
  scrape_timeout: 10s
  scrape_protocols:
  - OpenMetricsText1.0.0
  - OpenMetricsText0.0.1
  - PrometheusText1.0.0
  - PrometheusText0.0.4
  metrics_path: /metrics
  scheme: http
  enable_compression: true
  extra_scrape_metrics: false
  metric_name_validation_scheme: utf8
  authorization:
    type: Bearer
    credentials: <secret>
  follow_redirects: true
  enable_http2: true
  relabel_configs:
  - source_labels:
    - a
    separator: ;
    regex: "b: c"
    target_label: d
    replacement: $1
    action: replace
  static_configs:
  - targets:
    - a:1
    labels:
      env: prod
remote_write:
- url: http://me:xxxxx@host/write
  basic_auth:
    username: me
    password: <secret>
)");
}

TEST(Config, ReadingADumpGivesTheSameDump) {
  const std::string dump = to_yaml(parse(R"(
scrape_configs:
  - job_name: "odd: name # \" \\ \t é"
    params: {a: ["", "true", "1", " x", "-", "a\nb"]}
    body_size_limit: 3MB
    label_limit: 4
    file_sd_configs: [{files: [/t/*.yml]}]
    http_sd_configs: [{url: "http://x/y", basic_auth: {username: u}}]
    dns_sd_configs: [{names: [a, b], type: aaaa, port: 80}, {names: [c]}]
    consul_sd_configs: [{server: x, tags: [], services: [a], node_meta: {rack: "1"}, filter: f}]
    kubernetes_sd_configs:
      - role: endpoints
        api_server: http://k:8001
        namespaces: {names: [a]}
        selectors: [{role: pod, label: app=x}]
        attach_metadata: {node: true}
    ec2_sd_configs:
      - {region: r, access_key: a, filters: [{name: "tag:env", values: [x, y]}], endpoint: e}
)"));
  EXPECT_EQ(to_yaml(parse(dump)), dump);
}

TEST(Config, SecretsCanBeShownToCompareSettings) {
  const auto job = [](const std::string& token) {
    return parse("scrape_configs: [{job_name: x, authorization: {credentials: " + token + "}}]")
        .scrape_configs.at(0);
  };
  EXPECT_EQ(to_yaml(job("a")), to_yaml(job("b")));
  EXPECT_NE(to_yaml(job("a"), Secrets::Show), to_yaml(job("b"), Secrets::Show));
}

TEST(TargetFile, ReadsJsonAndYaml) {
  for (const char* text :
       {"[{\"targets\": [\"a:1\", \"b:2\"],\n\t\"labels\": {\"env\": \"prod\"}}]",
        "- targets: [a:1, b:2]\n  labels: {env: prod}\n"}) {
    const auto groups = parse_target_file("t.json", text);
    ASSERT_TRUE(groups) << groups.error().message;
    ASSERT_EQ(groups->size(), 1u);
    EXPECT_THAT(groups->at(0).targets, ElementsAre("a:1", "b:2"));
    EXPECT_EQ(groups->at(0).labels.at("env"), "prod");
  }
  EXPECT_TRUE(parse_target_file("t.json", "[]")->empty());
  EXPECT_TRUE(parse_target_file("t.json", "")->empty());
}

TEST(TargetFile, IsStrict) {
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"{}",
       "t.json:1:1: found a mapping, expected a list of target groups; start each with "
       "\"- targets:\""},
      {"[null]", "t.json:1:2: found an empty target group; fill it in or remove it"},
      {"[{\"target\": []}]",
       "t.json:1:3: found the unknown key \"target\" in a target group; did you mean "
       "\"targets\"?"},
      {"[{\"targets\": \"a\"}]",
       "t.json:1:14: targets: found \"a\", expected a list; start each item with \"- \""},
  };
  for (const auto& c : cases) {
    const auto groups = parse_target_file("t.json", c.text);
    ASSERT_FALSE(groups) << c.text;
    EXPECT_EQ(groups.error().message, c.error);
  }
}

}  // namespace
}  // namespace promenade::config
