// /api/v1/parse_query: a query for each kind of node, and its tree.
#include "fixture.h"

namespace promenade::api {
namespace {

struct TreeCase {
  std::string query;  // URL-encoded.
  std::string tree;
};

const std::string kUp =
    R"({"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"up"}],"name":"up",)"
    R"("offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,)"
    R"("type":"vectorSelector"})";

TEST_F(ApiTest, ParseQueryShowsEveryKindOfNode) {
  const TreeCase cases[] = {
      {"1.5", R"({"type":"numberLiteral","val":"1.5"})"},
      {"%22x%22", R"({"type":"stringLiteral","val":"x"})"},
      {"up", kUp},
      {"(up)", R"({"expr":)" + kUp + R"(,"type":"parenExpr"})"},
      {"-up", R"({"expr":)" + kUp + R"(,"op":"-","type":"unaryExpr"})"},
      {"up[5m]",
       R"({"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"up"}],"name":"up",)"
       R"("offset":0,"offsetExpr":null,"range":300000,"rangeExpr":null,"smoothed":false,)"
       R"("startOrEnd":null,"timestamp":null,"type":"matrixSelector"})"},
      {"up+offset+1m+@+start()",
       R"({"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"up"}],"name":"up",)"
       R"("offset":60000,"offsetExpr":null,"smoothed":false,"startOrEnd":"start","timestamp":null,)"
       R"("type":"vectorSelector"})"},
      {"up[1h:5m]+@+10",
       R"({"expr":)" + kUp +
           R"(,"offset":0,"offsetExpr":null,"range":3600000,"rangeExpr":null,"startOrEnd":null,)"
           R"("step":300000,"stepExpr":null,"timestamp":10000,"type":"subquery"})"},
      {"abs(up)", R"({"args":[)" + kUp +
                      R"(],"func":{"argTypes":["vector"],"name":"abs","returnType":"vector",)"
                      R"("variadic":0},"type":"call"})"},
      {"topk+by(a)(2,up)",
       R"({"expr":)" + kUp +
           R"(,"grouping":["a"],"op":"topk","param":{"type":"numberLiteral","val":"2"},)"
           R"("type":"aggregation","without":false})"},
      {"sum(up)", R"({"expr":)" + kUp +
                      R"(,"grouping":[],"op":"sum","param":null,"type":"aggregation",)"
                      R"("without":false})"},
      {"1%3D%3Dbool+2",
       R"({"bool":true,"lhs":{"type":"numberLiteral","val":"1"},"matching":null,"op":"==",)"
       R"("rhs":{"type":"numberLiteral","val":"2"},"type":"binaryExpr"})"},
      {"up/on(a)+group_left(b)+up",
       R"({"bool":false,"lhs":)" + kUp +
           R"(,"matching":{"card":"many-to-one","fillValues":{"lhs":null,"rhs":null},)"
           R"("include":["b"],"labels":["a"],"on":true},"op":"/","rhs":)" +
           kUp + R"(,"type":"binaryExpr"})"},
  };
  for (const TreeCase& test : cases) {
    EXPECT_EQ(body("/api/v1/parse_query?query=" + test.query),
              R"({"status":"success","data":)" + test.tree + "}")
        << test.query;
  }
}

TEST_F(ApiTest, ParseQueryShowsDurationExpressionsAsTrees) {
  const std::string answer = body("/api/v1/parse_query?query=up[5m*2]");
  EXPECT_NE(answer.find(R"("range":0,"rangeExpr":{"lhs":{"type":"numberLiteral","val":"300"},)"
                        R"("op":"*","rhs":{"type":"numberLiteral","val":"2"},)"
                        R"("type":"durationExpr","wrapped":false})"),
            std::string::npos)
      << answer;
}

}  // namespace
}  // namespace promenade::api
