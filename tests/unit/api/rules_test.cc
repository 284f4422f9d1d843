// /rules and /alerts: shapes, states, every filter, pages.
#include <gmock/gmock.h>

#include "base/log.h"
#include "fixture.h"
#include "rules/manager.h"

namespace promenade::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RulesApiTest : public ApiTest {
 protected:
  RulesApiTest()
      : manager_(
            {clock_, executor_, head_, logger_, context_.engine_options, {}, nullptr, {}, {}}) {
    context_.rules = &manager_;
    std::vector<rules::GroupDefinition> groups;
    for (const auto& [file, text] : std::initializer_list<std::pair<const char*, const char*>>{
             {"b.yml",
              "groups: [{name: x, interval: 30s, limit: 7, rules: ["
              "{record: 'a:b', expr: sum  (m), labels: {team: one}}, {record: plain, expr: 1}]}]"},
             {"a.yml",
              "groups: [{name: y, rules: [{alert: Up, expr: m > 0, for: 1m, keep_firing_for: 90s,"
              " labels: {team: two, s: '{{ $value }}'}, annotations: {about: 'a <b>'}}]},"
              "{name: bad, rules: [{record: r, expr: 'm[5m]'}]}]"}}) {
      rules::RuleFile parsed = rules::parse_rule_file(file, text);
      EXPECT_THAT(parsed.errors, testing::IsEmpty());
      std::move(parsed.groups.begin(), parsed.groups.end(), std::back_inserter(groups));
    }
    config::Config config;
    manager_.apply(config, std::move(groups));
  }

  // Which rules are shown: their names in order.
  std::string names(const std::string& query) {
    const std::string text = body("/api/v1/rules?" + query);
    std::string found;
    for (const char* name : {"Up", "r", "a:b", "plain"}) {
      if (text.find("\"name\":\"" + std::string(name) + "\",\"query\"") == std::string::npos)
        continue;
      found += (found.empty() ? "" : " ") + std::string(name);
    }
    return found.empty() ? text : found;
  }

  NullLogger logger_;
  rules::RuleManager manager_;
};

TEST_F(RulesApiTest, ShowsGroupsBeforeTheirFirstEvaluation) {
  const std::string text = body("/api/v1/rules");
  EXPECT_THAT(text,
              HasSubstr(R"({"status":"success","data":{"groups":[{"name":"bad","file":"a.yml",)"));
  EXPECT_THAT(text,
              HasSubstr(R"({"state":"unknown","name":"Up","query":"m \u003e 0","duration":60,)"
                        R"("keepFiringFor":90,"labels":{"s":"{{ $value }}","team":"two"},)"
                        R"("annotations":{"about":"a <b>"},"alerts":[],"health":"unknown",)"
                        R"("evaluationTime":0,"lastEvaluation":"0001-01-01T00:00:00Z",)"
                        R"("type":"alerting"})"));
  EXPECT_THAT(text, HasSubstr(R"x({"name":"a:b","query":"sum(m)","labels":{"team":"one"},)x"
                              R"("health":"unknown","evaluationTime":0,)"
                              R"("lastEvaluation":"0001-01-01T00:00:00Z","type":"recording"})"));
  EXPECT_THAT(text, HasSubstr(R"({"name":"plain","query":"1","health")"));
  EXPECT_THAT(text, HasSubstr(R"("interval":30,"limit":7,"evaluationTime":0,)"
                              R"("lastEvaluation":"0001-01-01T00:00:00Z"})"));
}

TEST_F(RulesApiTest, ShowsStatesAndAlerts) {
  append({{"__name__", "m"}, {"i", "1"}}, 2.5);
  clock_.run_until(kNow + Duration::minutes(1));
  EXPECT_THAT(body("/api/v1/alerts"),
              HasSubstr(R"({"status":"success","data":{"alerts":[{"labels":)"
                        R"({"alertname":"Up","i":"1","s":)"));
  EXPECT_THAT(body("/api/v1/alerts"),
              HasSubstr(R"("state":"pending","activeAt":"2023-11-14T22:1)"));
  EXPECT_THAT(body("/api/v1/alerts"), HasSubstr(R"("value":"2.5e+00"}]}})"));
  EXPECT_THAT(body("/api/v1/rules"), HasSubstr("\"state\":\"pending\",\"name\":\"Up\""));
  EXPECT_THAT(body("/api/v1/rules"), HasSubstr("\"health\":\"err\",\"lastError\":\"rule result is "
                                               "not a vector or scalar\""));
  append({{"__name__", "m"}, {"i", "1"}}, 0, clock_.now() + Duration::minutes(1));
  clock_.run_until(kNow + Duration::minutes(3));
  EXPECT_THAT(body("/api/v1/rules"), HasSubstr("\"state\":\"firing\",\"name\":\"Up\""));
  EXPECT_THAT(body("/api/v1/alerts"), HasSubstr("\"keepFiringSince\":\"2023-11-14T22:1"));
  EXPECT_THAT(body("/api/v1/rules?exclude_alerts=true"), HasSubstr("\"alerts\":null"));
  clock_.run_until(kNow + Duration::minutes(6));
  EXPECT_EQ(body("/api/v1/alerts"), R"({"status":"success","data":{"alerts":[]}})");
  EXPECT_THAT(body("/api/v1/rules"), HasSubstr("\"state\":\"inactive\",\"name\":\"Up\""));
}

TEST_F(RulesApiTest, FiltersRules) {
  const std::string none = R"({"status":"success","data":{"groups":[]}})";
  const struct {
    const char* query;
    std::string names;
  } cases[] = {
      {"", "Up r a:b plain"},
      {"type=alert", "Up"},
      {"type=Record", "r a:b plain"},
      {"rule_name[]=Up&rule_name[]=plain", "Up plain"},
      {"rule_name[]=nothing", none},
      {"rule_group[]=x", "a:b plain"},
      {"file[]=a.yml", "Up r"},
      {"file[]=a.yml&rule_group[]=bad", "r"},
      {"file[]=b.yml&rule_group[]=bad", none},
      {"match[]={team=\"one\"}", "a:b"},
      {"match[]={team=\"one\"}&match[]={team=~\"t.*\"}", "Up a:b"},
      {"match[]={team=\"one\",s!=\"x\"}", "a:b"},
      {"type=alert&match[]={team=\"one\"}", none},
  };
  for (const auto& [query, expected] : cases) EXPECT_EQ(names(query), expected) << query;
}

TEST_F(RulesApiTest, GivesPages) {
  const auto token = [](const std::string& text) {
    const size_t at = text.find("\"groupNextToken\":\"");
    return at == std::string::npos ? "" : text.substr(at + 18, text.find('"', at + 18) - at - 18);
  };
  std::string page = body("/api/v1/rules?group_limit=1");
  EXPECT_THAT(page, HasSubstr("\"name\":\"bad\""));
  EXPECT_THAT(page, Not(HasSubstr("\"name\":\"y\"")));
  page = body("/api/v1/rules?group_limit=1&group_next_token=" + token(page));
  EXPECT_THAT(page, HasSubstr("\"name\":\"y\""));
  EXPECT_THAT(page, Not(HasSubstr("\"name\":\"bad\"")));
  page = body("/api/v1/rules?group_limit=5&group_next_token=" + token(page));
  EXPECT_THAT(page, HasSubstr("\"name\":\"x\""));
  EXPECT_EQ(token(page), "");
}

TEST_F(RulesApiTest, RefusesWhatIsNoFilter) {
  const struct {
    const char* query;
    const char* error;
  } cases[] = {
      {"type=x", R"(invalid parameter \"type\": not supported value \"x\")"},
      {"exclude_alerts=2",
       R"(invalid parameter \"exclude_alerts\": error converting exclude_alerts: )"},
      {"group_limit=0",
       R"(invalid parameter \"group_limit\": group_limit needs to be greater than 0)"},
      {"group_limit=x", R"(invalid parameter \"group_limit\": group_limit must be a valid number)"},
      {"group_next_token=x", "group_limit needs to be present"},
      {"group_limit=1&group_next_token=x",
       "invalid group_next_token 'x'. were rule groups changed?"},
      {"match[]={a", "parse error"},
  };
  for (const auto& [query, error] : cases) {
    EXPECT_EQ(status(std::string("/api/v1/rules?") + query), 400) << query;
    EXPECT_THAT(body(std::string("/api/v1/rules?") + query), HasSubstr(error)) << query;
  }
}

TEST_F(RulesApiTest, ShowsAlertmanagers) {
  context_.alertmanagers = [] { return Alertmanagers{{"http://a:9093/api/v2/alerts"}, {}}; };
  EXPECT_EQ(body("/api/v1/alertmanagers"),
            R"({"status":"success","data":{"activeAlertmanagers":[{"url":)"
            R"("http://a:9093/api/v2/alerts"}],"droppedAlertmanagers":[]}})");
}

}  // namespace
}  // namespace promenade::api
