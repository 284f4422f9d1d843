// tests/unit/template/template_test.cc
// Sets of templates, limits, spans, and the functions that are younger than the programs that the
// tables were taken from.
#include "template/template.h"

#include <gtest/gtest.h>

#include "model/histogram.h"
#include "template/alertmanager_functions.h"
#include "template/prometheus_functions.h"

namespace promenade::templates {
namespace {

std::string expand(const std::string& text, const Environment& environment = {},
                   const Value& data = Value()) {
  const Result<std::string> result =
      TemplateSet(kPrometheusFunctions).expand("t", text, data, environment);
  return result ? *result : "error: " + result.error().message;
}

std::string expand_notification(const std::string& text, const Environment& environment = {},
                                const Value& data = Value()) {
  const Result<std::string> result =
      TemplateSet(kAlertmanagerFunctions).expand("t", text, data, environment);
  return result ? *result : "error: " + result.error().message;
}

ErrorCode code_of(const std::string& text, const Environment& environment = {}) {
  const Result<std::string> result =
      TemplateSet(kPrometheusFunctions).expand("t", text, Value(), environment);
  return result ? ErrorCode::Internal : result.error().code;
}

TEST(TemplateSet, LaterDefinitionsReplaceButEmptyOnesDoNot) {
  TemplateSet set(kAlertmanagerFunctions);
  ASSERT_TRUE(set.parse("file", R"({{ define "a" }}1{{ end }}{{ define "b" }}2{{ end }})"));
  ASSERT_TRUE(set.parse("other", R"({{ define "a" }}3{{ end }}{{ define "b" }} {{ end }})"));
  EXPECT_EQ(set.execute("a", Value(), {}).value(), "3");
  EXPECT_EQ(set.execute("b", Value(), {}).value(), "2");
  EXPECT_EQ(set.names(), (std::vector<std::string>{"a", "b", "file", "other"}));
  EXPECT_TRUE(set.has("a"));
  EXPECT_FALSE(set.has("c"));
  EXPECT_FALSE(set.execute("c", Value(), {}));
}

TEST(TemplateSet, AFailedParseChangesNothing) {
  TemplateSet set(kAlertmanagerFunctions);
  EXPECT_FALSE(set.parse("file", R"({{ define "a" }}1{{ end }}{{ nofunc }})"));
  EXPECT_TRUE(set.names().empty());
}

TEST(TemplateSet, ExpandLeavesTheSetAsItWas) {
  TemplateSet set(kAlertmanagerFunctions);
  ASSERT_TRUE(set.parse("file", R"({{ define "a" }}1{{ end }})"));
  EXPECT_EQ(set.expand("", R"({{ define "b" }}2{{ end }}{{ template "a" }}{{ template "b" }})",
                       Value(), {})
                .value(),
            "12");
  EXPECT_FALSE(set.has("b"));
}

TEST(TemplateSet, ErrorsNameTheFileThatDefinesTheTemplate) {
  TemplateSet set(kAlertmanagerFunctions);
  ASSERT_TRUE(set.parse("my.tmpl", "{{ define \"a\" }}\n  {{ .Nope }}{{ end }}"));
  const auto result = set.expand("", R"({{ template "a" "x" }})", Value(), {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message,
            "template: my.tmpl:2:5: executing \"a\" at <.Nope>: can't evaluate field Nope in type "
            "string");
}

TEST(TemplateErrors, HaveSpansInTheUsersText) {
  const std::string broken = "Instance {{ $labels.instance }} is {{ humanise $value }}";
  const Result<void> checked = check_alert_template("Down", broken);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message, "template: __alert_Down:1: function \"humanise\" not defined");
  ASSERT_TRUE(checked.error().span);
  EXPECT_EQ(broken.substr(checked.error().span->begin,
                          checked.error().span->end - checked.error().span->begin),
            "humanise");

  const std::string wrong = "{{ $labels.a }}{{ .Nothing }}";
  EXPECT_TRUE(check_alert_template("Down", wrong));
  const auto expanded = expand_alert_template("Down", wrong, {}, {});
  ASSERT_FALSE(expanded);
  EXPECT_EQ(wrong.substr(expanded.error().span->begin,
                         expanded.error().span->end - expanded.error().span->begin),
            ".Nothing");
  EXPECT_EQ(expanded.error().message.substr(0, 95),
            "error executing template __alert_Down: template: __alert_Down:1:130: executing "
            "\"__alert_Down\" a");
}

TEST(TemplateErrors, KeepTheCodeOfWhatFailed) {
  Environment environment;
  environment.query = [](const std::string&) -> Result<std::vector<QueryElement>> {
    return fail(ErrorCode::Timeout, "query timed out");
  };
  EXPECT_EQ(code_of("{{ query \"up\" }}", environment), ErrorCode::Timeout);
  EXPECT_EQ(code_of("{{ query \"up\" }}"), ErrorCode::Execution);
  EXPECT_EQ(code_of("{{ nofunc }}"), ErrorCode::BadData);
}

TEST(Limits, EndWhatWouldNotEnd) {
  const std::string recursive = R"({{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }})";
  EXPECT_EQ(code_of(recursive), ErrorCode::Limit);
  const std::string doubling =
      R"({{ $x := "0123456789" }}{{ range 1000 }}{{ $x = print $x $x }}{{ end }}{{ len $x }})";
  EXPECT_EQ(code_of(doubling), ErrorCode::Limit);
  EXPECT_EQ(code_of("{{ range 1000000000 }}{{ end }}"), ErrorCode::Limit);
  EXPECT_EQ(code_of("{{ range 1000 }}{{ range 1000 }}{{ range 1000 }}x{{ end }}{{ end }}{{ end }}"),
            ErrorCode::Limit);
  EXPECT_EQ(code_of("{{ range 100 }}{{ printf \"%100000d\" 1 }}{{ end }}"), ErrorCode::Limit);
}

TEST(Limits, AFunctionPaysForItsArgumentsBeforeItRuns) {
  const std::string blanks = R"t({{ $t := printf "%30000s" "" }})t";
  EXPECT_EQ(code_of(blanks + R"t({{ reReplaceAll "( )" $t $t }})t"), ErrorCode::Limit);
  EXPECT_EQ(code_of(blanks + R"t({{ reReplaceAll "x*" "" $t }})t"), ErrorCode::Limit);
  EXPECT_EQ(code_of(R"t({{ $t := printf "%900000s" "" }})t"
                    R"t({{ range 100 }}{{ if match "x" $t }}{{ end }}{{ end }})t"),
            ErrorCode::Limit);
  EXPECT_EQ(expand(R"t({{ $t := printf "%3000s" "" }}{{ len (reReplaceAll " " "ab" $t) }})t", {}),
            "6000");
}

TEST(Limits, ListsOfListsArePaidForBeforeAnybodyGoesThroughThem) {
  const auto code = [](const std::string& text) {
    const auto result = TemplateSet(kAlertmanagerFunctions).expand("t", text, Value(), {});
    return result ? ErrorCode::Internal : result.error().code;
  };
  const auto repeated = [](int count, const std::string& step) {
    return "{{ $l := list 1 }}{{ range " + std::to_string(count) + " }}{{ $l = " + step +
           " }}{{ end }}";
  };
  EXPECT_EQ(expand_notification(repeated(60, "list $l") + "{{ len $l }}"), "1");
  EXPECT_EQ(expand_notification(repeated(500, "append $l 1") + "{{ len $l }}"), "501");
  EXPECT_EQ(expand_notification(repeated(2, "list $l $l") + "{{ $l }}"), "[[[1] [1]] [[1] [1]]]");
  EXPECT_EQ(code(repeated(101, "list $l") + "{{ $l }}"), ErrorCode::Limit);
  EXPECT_EQ(code(repeated(100'000, "list $l")), ErrorCode::Limit);
  EXPECT_EQ(code(repeated(100'000, "dict \"a\" $l")), ErrorCode::Limit);
  EXPECT_EQ(code(repeated(100'000, "append $l 1")), ErrorCode::Limit);
  EXPECT_EQ(code(repeated(20, "list $l $l") + "{{ $l }}{{ $l }}{{ $l }}"), ErrorCode::Limit);
  EXPECT_EQ(code(repeated(60, "list $l $l")), ErrorCode::Limit);
}

TEST(Limits, ALargeExpressionMeetsNoLongText) {
  const std::string text = R"t({{ $t := printf "%900000s" "" }})t";
  EXPECT_EQ(code_of(text + R"t({{ match "(a|bb|ccc){1000}" $t }})t"), ErrorCode::Limit);
  EXPECT_EQ(code_of(text + R"t({{ reReplaceAll "(a|bb|ccc){1000}" "" $t }})t"), ErrorCode::Limit);
  EXPECT_EQ(expand(R"t({{ match "(a|bb|ccc){1000}" "abc" }})t"), "false");
}

TEST(Limits, CountOneStepPast) {
  Environment environment;
  environment.limits.output_bytes_max = 4;
  EXPECT_EQ(expand("abcd", environment), "abcd");
  EXPECT_EQ(
      expand("abcde", environment),
      "error: template: t:1:0: executing \"t\" at <abcde>: the template writes more than 4 bytes");
  environment = {};
  environment.limits.template_depth_max = 2;
  const std::string nested =
      R"({{ define "a" }}{{ template "b" }}{{ end }}{{ define "b" }}b{{ end }})";
  EXPECT_EQ(expand(nested + R"({{ template "a" }})", environment), "b");
  environment.limits.template_depth_max = 1;
  EXPECT_EQ(code_of(nested + R"({{ template "a" }})", environment), ErrorCode::Limit);
}

TEST(Limits, DepthIsBoundedInAll) {
  std::string opens, closes;
  for (int i = 0; i < 90; ++i) {
    opens += "{{ if true }}";
    closes += "{{ end }}";
  }
  const std::string deep = "{{ define \"a\" }}" + opens + "{{ template \"a\" }}" + closes +
                           "{{ end }}{{ template \"a\" }}";
  EXPECT_EQ(code_of(deep), ErrorCode::Limit);
}

TEST(Limits, NestingIsBounded) {
  const auto parentheses = [](size_t count) {
    return "{{ " + std::string(count, '(') + "1" + std::string(count, ')') + " }}";
  };
  EXPECT_EQ(expand(parentheses(kNestingMax - 1)), "1");
  EXPECT_EQ(code_of(parentheses(kNestingMax)), ErrorCode::Limit);
  EXPECT_EQ(code_of(parentheses(100'000)), ErrorCode::Limit);
  std::string blocks;
  for (int i = 0; i < 100'000; ++i) blocks += "{{ if true }}";
  EXPECT_EQ(code_of(blocks), ErrorCode::Limit);
  std::string chain = "{{ if false }}";
  for (int i = 0; i < 100'000; ++i) chain += "{{ else if false }}";
  EXPECT_EQ(code_of(chain + "{{ end }}"), ErrorCode::Limit);
}

TEST(NewerGo, RangesOverNumbersAndChainsWith) {
  EXPECT_EQ(expand("{{ range 3 }}{{ . }}{{ end }}{{ range $i := 2 }}{{ $i }}{{ end }}"), "01201");
  EXPECT_EQ(expand("{{ range 0 }}{{ else }}none{{ end }}"), "none");
  EXPECT_EQ(
      expand("{{ range $i, $e := 2 }}{{ end }}"),
      "error: template: t:1:19: executing \"t\" at <2>: can't use 2 to iterate over more than "
      "one variable");
  EXPECT_EQ(expand("{{ with 0 }}a{{ else with 1 }}{{ . }}{{ else }}c{{ end }}"), "1");
  EXPECT_EQ(expand("{{ with 0 }}a{{ else with \"\" }}b{{ else }}c{{ end }}"), "c");
  EXPECT_EQ(expand("{{ $x := 0 }}{{ range $x = 3 }}{{ end }}{{ $x }}"), "2");
}

TEST(PrometheusFunctions, KnowTheServer) {
  Environment environment;
  environment.now = {1'700'000'000'500};
  environment.external_url = "http://host:9090/prom";
  EXPECT_EQ(expand("{{ externalURL }} {{ pathPrefix }}", environment),
            "http://host:9090/prom /prom");
  EXPECT_EQ(expand("{{ now }} {{ now | toTime }}", environment),
            "1.7000000005e+09 2023-11-14 22:13:20.5 +0000 UTC");
}

TEST(PrometheusFunctions, YoungerThanTheOracle) {
  EXPECT_EQ(expand("{{ toDuration 3723.5 }} {{ toDuration \"90\" }} {{ (toDuration 90).Minutes }}"),
            "1h2m3.5s 1m30s 1.5");
  EXPECT_EQ(expand("{{ toDuration 5400 | humanizeDuration }}"), "1h 30m 0s");
  EXPECT_EQ(expand("{{ urlQueryEscape \"a b&c\" }}"), "a+b%26c");
  EXPECT_EQ(expand("{{ parseDuration \"-1h\" }}"), "-3600");
}

TEST(PrometheusFunctions, ShowHistograms) {
  auto histogram = std::make_shared<FloatHistogram>();
  histogram->count = 3;
  histogram->sum = 2;
  histogram->zero_count = 3;
  AlertTemplateData data;
  data.histogram = histogram;
  EXPECT_EQ(expand_alert_template("A", "{{ $value }}", data, {}).value(), histogram->to_string());
  EXPECT_EQ(expand_alert_template("A", "{{ humanize $value }}", data, {}).error().message,
            "error executing template __alert_A: template: __alert_A:1:115: executing "
            "\"__alert_A\" at <humanize $value>: error calling humanize: can't convert "
            "*histogram.FloatHistogram to float");
}

TEST(AlertmanagerFunctions, TellTheTime) {
  Environment environment;
  environment.now = {1'772'368'496'789};
  environment.zone = [](const std::string& name, int64_t) -> std::optional<Environment::Zone> {
    if (name != "Europe/Paris") return std::nullopt;
    return Environment::Zone{3600, "CET"};
  };
  const Value start = Value::time(Timestamp{1'772'366'400'000});
  EXPECT_EQ(expand_notification("{{ now }} {{ since . }}", environment, start),
            "2026-03-01 12:34:56.789 +0000 UTC 34m56.789s");
  EXPECT_EQ(expand_notification("{{ since . | humanizeDuration }}", environment, start), "34m 56s");
  EXPECT_EQ(
      expand_notification("{{ date \"15:04 MST\" (tz \"Europe/Paris\" .) }}", environment, start),
      "13:00 CET");
  EXPECT_EQ(expand_notification("{{ . | tz \"Europe/Paris\" | date \"Z07:00 -0700\" }}",
                                environment, start),
            "+01:00 +0100");
  EXPECT_EQ(expand_notification("{{ tz \"Mars\" . }}", environment, start),
            "error: template: t:1:3: executing \"t\" at <tz \"Mars\" .>: error calling tz: unknown "
            "time zone Mars");
}

TEST(AlertmanagerFunctions, YoungerThanTheOracle) {
  EXPECT_EQ(expand_notification("[{{ trimSpace \" \\ta b\\n \" }}]"), "[a b]");
  EXPECT_EQ(expand_notification("{{ urlUnescape \"a%20b+c%2F\" }} {{ safeUrl \"x\" }}"),
            "a b c/ x");
  EXPECT_EQ(expand_notification("{{ urlUnescape \"%zz\" }}"),
            "error: template: t:1:3: executing \"t\" at <urlUnescape \"%zz\">: error calling "
            "urlUnescape: invalid URL escape \"%zz\"");
  EXPECT_EQ(
      expand_notification("{{ toJson (dict \"b\" 1.5 \"a\" (list 1 \"<x>\" nil true 1e-7)) }}"),
      R"({"a":[1,"\u003cx\u003e",null,true,1e-7],"b":1.5})");
  EXPECT_EQ(expand_notification("{{ append (list 1) 2 3 }} {{ (dict \"k\" \"v\").k }}"),
            "[1 2 3] v");
}

TEST(AlertmanagerFunctions, WriteAlertsAsJson) {
  NotificationData data;
  data.receiver = "r";
  data.status = "firing";
  data.alerts = {{.status = "firing",
                  .labels = {{"a", "b"}},
                  .annotations = {},
                  .starts_at = {1'772'366'400'500},
                  .ends_at = kZeroTime,
                  .generator_url = "http://p?a&b",
                  .fingerprint = "01"}};
  EXPECT_EQ(expand_notification("{{ toJson .Alerts }}", {}, notification_value(data)),
            R"([{"status":"firing","labels":{"a":"b"},"annotations":{},)"
            R"("startsAt":"2026-03-01T12:00:00.5Z","endsAt":"0001-01-01T00:00:00Z",)"
            R"("generatorURL":"http://p?a\u0026b","fingerprint":"01"}])");
}

TEST(DefaultTemplates, MailTheAlerts) {
  NotificationData data;
  data.receiver = "team";
  data.status = "firing";
  data.alerts = {{.status = "firing",
                  .labels = {{"alertname", "<Down>"}},
                  .annotations = {},
                  .generator_url = "http://p/graph?a&b",
                  .fingerprint = "01"}};
  data.external_url = "http://am";
  const Result<std::string> page =
      alertmanager_templates(Escaping::Html)
          .expand("", R"({{ template "email.default.html" . }})", notification_value(data), {});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_NE(page->find("<td>&lt;Down&gt;</td>"), std::string::npos) << *page;
  EXPECT_NE(page->find("<a href=\"http://p/graph?a&amp;b\">Source</a>"), std::string::npos)
      << *page;
  EXPECT_EQ(page->find("Resolved"), std::string::npos);
}

}  // namespace
}  // namespace promenade::templates
