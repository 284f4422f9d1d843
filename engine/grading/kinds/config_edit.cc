// engine/grading/kinds/config_edit.cc
// The kind config-edit: the answer is a prometheus.yml. It is loaded by a Prometheus of its own on
// a network of the exercise's hosts, which scrapes for a while; then questions are asked in PromQL,
// and the answers have to be those that the reference's Prometheus gives.
#include <memory>

#include "base/executor.h"
#include "base/log.h"
#include "exposition/writer.h"
#include "grading/kind.h"
#include "grading/script.h"
#include "promql/features.h"
#include "server/server.h"
#include "sim/memory_file_system.h"
#include "sim/sim_net.h"
#include "sim/virtual_clock.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

constexpr uint64_t kSamplesMax = 1'000'000;

struct Host {
  std::string address;            // "api-1:8080"
  std::string path = "/metrics";  // Anything else is 404.
  std::string page;               // Exposition text.
  bool is_down = false;
};
struct ConfigFile {
  std::string name;
  std::string text;
};
struct Question {
  std::string says;  // The requirement.
  std::string query;
};
struct Setting {
  Duration run = Duration::minutes(3);
  std::vector<Host> hosts;
  std::vector<ConfigFile> files;  // Rule files and target files that lie beside the configuration.
  std::vector<Question> questions;
};

// A network, a disk and one Prometheus.
struct Lab {
  explicit Lab(const Setting& setting) {
    for (const Host& host : setting.hosts) {
      net.add_host(host.address,
                   [&host](const HttpRequest& request) {
                     HttpResponse response;
                     if (split_url(request.url).path != host.path) {
                       response.status = 404;
                       return response;
                     }
                     response.headers.set("Content-Type",
                                          std::string(exposition::kTextContentType));
                     response.body = host.page;
                     return response;
                   },
                   {.is_reachable = !host.is_down});
    }
    for (const ConfigFile& file : setting.files) files.write(file.name, file.text);
  }

  Result<void> start(std::string_view config) {
    files.write("prometheus.yml", config);
    server::ServerOptions options;
    options.query_samples_max = kSamplesMax;
    options.features = promql::Features::all();
    options.external_url = "http://prometheus:9090";
    prometheus =
        TRY(server::Server::create(std::move(options), {clock, net, files, executor, logger}));
    return {};
  }

  sim::VirtualClock clock{kScriptStart};
  sim::SimNet net{clock};
  sim::MemoryFileSystem files;
  InlineExecutor executor;
  NullLogger logger;
  std::unique_ptr<server::Server> prometheus;
};

class ConfigEdit final : public Kind {
 public:
  explicit ConfigEdit(Setting setting) : setting_(std::move(setting)) {}

  std::vector<std::string> requirements() const override {
    std::vector<std::string> texts;
    for (const Question& question : setting_.questions) texts.push_back(question.says);
    return texts;
  }

  Result<Observation> observe(std::string_view answer, HiddenWorlds&) const override {
    Lab lab(setting_);
    TRY(lab.start(answer));
    lab.clock.run_until(kScriptStart + setting_.run);
    Observation observation;
    for (size_t i = 0; i < setting_.questions.size(); ++i) {
      const auto rows =
          TRY(evaluate_rows(lab.prometheus->head(), setting_.questions[i].query, lab.clock.now()));
      for (const ResultRow& row : rows) {
        observation.facts.push_back({i, row.labels.empty() ? "The value" : "`" + row.labels + "`",
                                     row.value, std::nullopt, ""});
      }
    }
    for (const ResultRow& row : TRY(evaluate_rows(
             lab.prometheus->head(), "count by (__name__, job, instance) ({__name__=~\".+\"})",
             lab.clock.now()))) {
      observation.trace += row.labels + " " + row.value + "\n";
    }
    return observation;
  }

 private:
  Setting setting_;
};

Result<Host> read_host(const YamlFile& file, const YamlNode& node) {
  Host host;
  YamlMapping mapping(file, node, "a host");
  mapping.text("address", host.address, Presence::Required);
  mapping.text("path", host.path);
  mapping.text("page", host.page);
  mapping.boolean("is_down", host.is_down);
  TRY(mapping.finish());
  return host;
}

Result<ConfigFile> read_file(const YamlFile& file, const YamlNode& node) {
  ConfigFile one;
  YamlMapping mapping(file, node, "a file");
  mapping.text("name", one.name, Presence::Required);
  mapping.text("text", one.text, Presence::Required);
  TRY(mapping.finish());
  return one;
}

Result<Question> read_question(const YamlFile& file, const YamlNode& node) {
  Question question;
  YamlMapping mapping(file, node, "a question");
  mapping.text("says", question.says, Presence::Required);
  mapping.text("query", question.query, Presence::Required);
  TRY(mapping.finish());
  return question;
}

}  // namespace

Result<std::shared_ptr<const Kind>> read_config_edit(const YamlFile& file, const YamlNode& node) {
  Setting setting;
  YamlMapping mapping(file, node, "the setting of a config-edit");
  mapping.duration("run", setting.run);
  const auto list = [&](std::string_view key, auto read, auto& out, Presence presence) {
    mapping.list(
        key,
        [&, read](const YamlNode& item) -> Result<void> {
          out.push_back(TRY(read(file, item)));
          return {};
        },
        presence);
  };
  list("hosts", read_host, setting.hosts, Presence::Required);
  list("files", read_file, setting.files, Presence::Optional);
  list("questions", read_question, setting.questions, Presence::Required);
  TRY(mapping.finish());
  return std::make_shared<ConfigEdit>(std::move(setting));
}

}  // namespace promenade::grading
