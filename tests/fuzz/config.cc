// tests/fuzz/config.cc
// Any prometheus.yml is a configuration or an error with a place in the file; and its relabelling
// rules can be applied.
#include "config/config.h"

#include <cstddef>
#include <cstdint>

#include "check.h"
#include "scrape/relabel.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace promenade;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = config::parse_config("f.yml", text);
  if (!config) {
    const std::string& message = config.error().message;
    fuzz::require(message.find("f.yml") == 0, "an error does not say where", message);
    return 0;
  }
  (void)config::to_yaml(*config);
  for (const auto& scrape : config->scrape_configs) {
    LabelsBuilder labels;
    labels.set("__address__", "a:9090").set("job", scrape.job_name).set("x", "y");
    (void)scrape::relabel(labels, scrape.relabel_configs);
    (void)scrape::relabel(labels, scrape.metric_relabel_configs);
  }
  return 0;
}
