// Series, label names and label values over a store of three series.
#include "fixture.h"

namespace promenade::api {
namespace {

class SeriesTest : public ApiTest {
 protected:
  SeriesTest() {
    append({{"__name__", "up"}, {"job", "b"}}, 1);
    append({{"__name__", "up"}, {"job", "a"}}, 1);
    append({{"__name__", "load"}, {"core", "0"}, {"my.label", "x"}}, 2);
  }
  std::string data(const std::string& path) const {
    const std::string text = body("/api/v1/" + path);
    const std::string opening = R"({"status":"success","data":)";
    EXPECT_EQ(text.substr(0, opening.size()), opening) << path;
    return text.substr(opening.size());
  }
};

TEST_F(SeriesTest, OneSelectorListsInOrderOfCreation) {
  EXPECT_EQ(data("series?match[]=up"),
            R"([{"__name__":"up","job":"b"},{"__name__":"up","job":"a"}]})");
}

TEST_F(SeriesTest, SeveralSelectorsListSortedAndEachOnce) {
  EXPECT_EQ(data("series?match[]=up&match[]={job=\"a\"}"),
            R"([{"__name__":"up","job":"a"},{"__name__":"up","job":"b"}]})");
}

TEST_F(SeriesTest, NothingFoundIsAnEmptyList) {
  EXPECT_EQ(data("series?match[]=none"), "[]}");
  EXPECT_EQ(data("labels?match[]=none"), "[]}");
  EXPECT_EQ(data("label/none/values"), "[]}");
}

TEST_F(SeriesTest, SeriesNeedASelector) {
  EXPECT_EQ(body("/api/v1/series"),
            R"({"status":"error","errorType":"bad_data","error":"no match[] parameter provided"})");
  EXPECT_EQ(body("/api/v1/series?match[]={job=~\".*\"}"),
            R"({"status":"error","errorType":"bad_data","error":"invalid parameter \"match[]\": )"
            R"(match[] must contain at least one non-empty matcher"})");
}

TEST_F(SeriesTest, LabelNamesAreSorted) {
  EXPECT_EQ(data("labels"), R"(["__name__","core","job","my.label"]})");
  EXPECT_EQ(data("labels?match[]=up"), R"(["__name__","job"]})");
  EXPECT_EQ(data("labels?match[]=up&match[]=load"), R"(["__name__","core","job","my.label"]})");
}

TEST_F(SeriesTest, LabelValuesAreSorted) {
  EXPECT_EQ(data("label/job/values"), R"(["a","b"]})");
  EXPECT_EQ(data("label/__name__/values"), R"(["load","up"]})");
  EXPECT_EQ(data("label/job/values?match[]={job!=\"a\",__name__=\"up\"}"), R"(["b"]})");
  EXPECT_EQ(data("label/job/values?match[]=load&match[]={job=\"a\"}"), R"(["a"]})");
}

TEST_F(SeriesTest, LabelNamesInPathsMayBeEscaped) {
  EXPECT_EQ(data("label/my.label/values"), R"(["x"]})");
  EXPECT_EQ(data("label/my%2Elabel/values"), R"(["x"]})");
  EXPECT_EQ(data("label/U__my_2e_label/values"), R"(["x"]})");
  EXPECT_EQ(data("label/U__job/values"), R"(["a","b"]})");
  EXPECT_EQ(data("label/U__my_2e/values"), "[]}");  // Not an escape, so it stands for itself.
}

TEST_F(SeriesTest, LabelNamesInPathsMustBeUtf8) {
  EXPECT_EQ(body("/api/v1/label/%FF/values"),
            R"({"status":"error","errorType":"bad_data","error":"invalid label name: \"\\xff\""})");
}

TEST_F(SeriesTest, LimitsCutAndWarn) {
  const std::string warning = R"(,"warnings":["results truncated due to limit"]})";
  EXPECT_EQ(data("series?match[]=up&limit=1"), R"([{"__name__":"up","job":"b"}])" + warning);
  EXPECT_EQ(data("labels?limit=2"), R"(["__name__","core"])" + warning);
  EXPECT_EQ(data("label/job/values?limit=1"), R"(["a"])" + warning);
  EXPECT_EQ(data("labels?limit=4"), data("labels"));
}

TEST_F(SeriesTest, BadTimesAreNamed) {
  for (const char* path : {"series?match[]=up&", "labels?", "label/job/values?"}) {
    EXPECT_EQ(body("/api/v1/" + std::string(path) + "start=x"),
              R"({"status":"error","errorType":"bad_data","error":"invalid parameter \"start\": )"
              R"(invalid time value for 'start': cannot parse \"x\" to a valid timestamp"})");
  }
}

TEST_F(SeriesTest, FormsWorkForSeriesAndLabels) {
  EXPECT_EQ(post("/api/v1/series", "match%5B%5D=load").body, body("/api/v1/series?match[]=load"));
  EXPECT_EQ(post("/api/v1/labels", "match%5B%5D=load").body, body("/api/v1/labels?match[]=load"));
}

}  // namespace
}  // namespace promenade::api
