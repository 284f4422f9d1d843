// http_sd, dns_sd and ec2_sd: answers and the targets that follow from them; the signature and the
// XML that EC2 needs.
#include <gmock/gmock.h>

#include "discovery/aws_signature.h"
#include "discovery/xml.h"
#include "network_fixture.h"

namespace promenade::discovery {
namespace {

using ::testing::HasSubstr;

struct HttpSdTest : NetworkTest {};

TEST_F(HttpSdTest, AUrlAnswersWithGroups) {
  put("/t", R"([{"targets": ["a:1", "b:1"], "labels": {"env": "prod"}}, {"targets": ["c:1"]}])");
  discover("http_sd_configs: [{url: 'http://server/t'}]");
  EXPECT_EQ(print(),
            "http://server/t:0 url=http://server/t env=prod\n  a:1\n  b:1\n"
            "http://server/t:1 url=http://server/t\n  c:1\n");
  EXPECT_EQ(requests.at(0).headers.get("X-Prometheus-Refresh-Interval-Seconds"), "60");
  EXPECT_EQ(requests.at(0).headers.get("Accept"), "application/json");
}

TEST_F(HttpSdTest, WhatCannotBeUsedLeavesTheTargets) {
  put("/t", R"([{"targets": ["a:1"]}])");
  discover("http_sd_configs: [{url: 'http://server/t', refresh_interval: 10s}]");
  const std::string first = print();
  put("/t", "[{\"target\": []}]");
  pass(Duration::seconds(10));
  EXPECT_EQ(print(), first);
  put("/t", "[]");
  answers["/t"].headers.set("Content-Type", "text/plain");
  pass(Duration::seconds(10));
  EXPECT_EQ(print(), first);
  answers["/t"].headers.set("Content-Type", "Application/JSON; charset=UTF-8");
  pass(Duration::seconds(10));
  EXPECT_EQ(print(), "");
  EXPECT_EQ(changes, 2);
}

struct DnsSdTest : NetworkTest {
  std::map<std::string, std::string> zone;  // NAME/TYPE -> records.
  void SetUp() override {
    net.set_name_service([this](std::string_view name, std::string_view type) {
      return zone[std::string(name) + "/" + std::string(type)];
    });
  }
};

TEST_F(DnsSdTest, EachRecordIsATarget) {
  zone["_web._tcp.x/SRV"] = "0 5 9100 web-1.x.\n0 5 9101 web-2.x.\n";
  zone["x/AAAA"] = "2001:db8::7\n";
  zone["x/MX"] = "10 mail.x.\n";
  discover(
      "dns_sd_configs: [{names: [_web._tcp.x]}, {names: [x, none], type: AAAA, port: 80}, {names: "
      "[x], type: mx, port: 25}]");
  EXPECT_EQ(print(),
            "_web._tcp.x\n"
            "  web-1.x:9100 dns_name=_web._tcp.x dns_srv_record_port=9100"
            " dns_srv_record_target=web-1.x.\n"
            "  web-2.x:9101 dns_name=_web._tcp.x dns_srv_record_port=9101"
            " dns_srv_record_target=web-2.x.\n"
            "none\n"
            "x\n  [2001:db8::7]:80 dns_name=x\n"
            "x\n  mail.x:25 dns_mx_record_target=mail.x. dns_name=x\n");
  zone.clear();
  pass(Duration::seconds(30));
  EXPECT_EQ(print(), "_web._tcp.x\nnone\nx\nx\n");
}

struct Ec2SdTest : NetworkTest {
  static HttpResponse page(const std::string& instances, const std::string& token = "") {
    return {.body =
                "<?xml version=\"1.0\"?><DescribeInstancesResponse xmlns=\"x\">"
                "<reservationSet><item><ownerId>42</ownerId><instancesSet>" +
                instances + "</instancesSet></item></reservationSet><nextToken>" + token +
                "</nextToken></DescribeInstancesResponse>"};
  }
};

constexpr const char* kEc2 =
    "ec2_sd_configs: [{region: r, endpoint: 'http://server/', access_key: k, secret_key: s, port: "
    "9100, filters: [{name: 'tag:Env', values: [a, b]}]}]";

TEST_F(Ec2SdTest, InstancesWithAnAddressAreTargets) {
  answers["/"] = page(
      "<item><instanceId>i-1</instanceId><instanceState><name>running</name></instanceState>"
      "<placement><availabilityZone>z</availabilityZone></placement><subnetId>s1</subnetId>"
      "<privateIpAddress>10.0.0.1</privateIpAddress><networkInterfaceSet><item><subnetId>s1"
      "</subnetId></item><item><subnetId>s2</subnetId></item></networkInterfaceSet><tagSet><item>"
      "<key>the name</key><value>a &amp; b</value></item></tagSet></item>"
      "<item><instanceId>i-2</instanceId></item>"
      "<item><instanceId>i-3</instanceId><networkInterfaceSet><item><ipv6AddressesSet><item>"
      "<ipv6Address>2001:db8::7</ipv6Address></item></ipv6AddressesSet></item>"
      "</networkInterfaceSet></item>");
  discover(kEc2);
  EXPECT_EQ(print(),
            "r\n"
            "  10.0.0.1:9100 ec2_availability_zone=z ec2_instance_id=i-1 ec2_instance_state=running"
            " ec2_owner_id=42 ec2_primary_subnet_id=s1 ec2_private_ip=10.0.0.1 ec2_region=r"
            " ec2_subnet_id=,s1,s2, ec2_tag_the_name=a & b\n"
            "  [2001:db8::7]:9100 ec2_default_ipv6_address=2001:db8::7 ec2_instance_id=i-3"
            " ec2_ipv6_addresses=,2001:db8::7, ec2_owner_id=42 ec2_region=r\n");
  EXPECT_EQ(requests.at(0).body,
            "Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=tag%3AEnv&Filter.1.Value.1=a"
            "&Filter.1.Value.2=b");
  EXPECT_THAT(std::string(requests.at(0).headers.get("Authorization")),
              HasSubstr("Credential=k/20150830/r/ec2/aws4_request"));
}

TEST_F(Ec2SdTest, PagesAreOneGroup) {
  const std::string one =
      "<item><instanceId>i</instanceId><privateIpAddress>10.0.0.1</privateIpAddress></item>";
  net.add_host("server", [&](const HttpRequest& request) {
    requests.push_back(request);
    return page(one, requests.size() == 1 ? "t/1" : "");
  });
  discover(kEc2);
  EXPECT_EQ(requests.size(), 2u);
  EXPECT_THAT(requests.at(1).body, HasSubstr("&NextToken=t%2F1"));
  EXPECT_EQ(discovery->groups().at(0).targets.size(), 2u);
  EXPECT_EQ(changes, 1);
  net.remove_host("server");
  pass(Duration::minutes(2));
  EXPECT_EQ(discovery->groups().at(0).targets.size(), 2u);
}

// The example of AWS's documentation.
TEST(AwsSignature, IsWhatAwsComputes) {
  HttpRequest request;
  request.url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08";
  request.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  sign(request, {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "iam"},
       Timestamp::from_seconds(1'440'938'160));
  EXPECT_EQ(request.headers.get("X-Amz-Date"), "20150830T123600Z");
  EXPECT_EQ(request.headers.get("Authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(Xml, ReadsElementsAndTheirText) {
  const auto root = parse_xml(
      "<?xml version='1.0'?><!-- c --><a x='1'><b>1 &lt; 2 &#x41;&#66;</b><c/><b>no</b><d><e> in "
      "</e></d></a>");
  ASSERT_TRUE(root) << root.error().message;
  EXPECT_EQ(root->name, "a");
  EXPECT_EQ(root->text_at("b"), "1 < 2 AB");
  EXPECT_EQ(root->text_at("d.e"), "in");
  EXPECT_EQ(root->text_at("d.x.y"), "");
  EXPECT_EQ(root->children.size(), 4u);
}

TEST(Xml, RefusesWhatIsCutOrTangled) {
  const std::string whole = "<a><b>text</b><!-- c --></a>";
  ASSERT_TRUE(parse_xml(whole));
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_xml(whole.substr(0, size))) << whole.substr(0, size);
  }
  EXPECT_FALSE(parse_xml("<a><b></a></b>"));
  EXPECT_FALSE(parse_xml("<a/><b/>"));
  EXPECT_FALSE(parse_xml("<!DOCTYPE x><a/>"));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_FALSE(parse_xml(deep));
}

}  // namespace
}  // namespace promenade::discovery
