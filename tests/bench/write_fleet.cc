// tests/bench/write_fleet.cc
// Writes the fleet to standard output as bodies of remote-write requests, each preceded by its size
// in four bytes, least significant first. Every body covers some scrapes of all series, in the
// order of time, so a store that refuses samples out of order takes them all.
//
//   write_fleet END_MS
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/bits.h"
#include "fleet.h"

namespace promenade::bench {
namespace {

constexpr size_t kScrapesPerBody = 20;
constexpr size_t kSeriesPerBody = 1000;

void append_uvarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7f) | 0x80);
  out += static_cast<char>(value);
}

// A field of bytes: strings and messages. `tag` is (field number << 3) | 2.
void append_field(std::string& out, char tag, std::string_view bytes) {
  out += tag;
  append_uvarint(out, bytes.size());
  out += bytes;
}

// prometheus.TimeSeries{labels = 1, samples = 2}, without the samples.
std::string encoded_labels(const Labels& labels) {
  std::string message;
  for (const Label& label : labels) {
    std::string pair;
    append_field(pair, 0x0a, label.name);
    append_field(pair, 0x12, label.value);
    append_field(message, 0x0a, pair);
  }
  return message;
}

// prometheus.Sample{value = 1, timestamp = 2}
void append_sample(std::string& out, const Fleet::Sample& sample) {
  std::string message(1, 0x09);
  const auto bits = bit_cast<uint64_t>(sample.value);
  for (int shift = 0; shift < 64; shift += 8) message += static_cast<char>(bits >> shift);
  message += 0x10;
  append_uvarint(message, static_cast<uint64_t>(sample.time_ms));
  append_field(out, 0x12, message);
}

// Snappy's block format with nothing compressed: literals of up to 64 KiB.
std::string snappy_literals(std::string_view text) {
  std::string out;
  append_uvarint(out, text.size());
  for (size_t at = 0; at < text.size();) {
    const std::string_view part = text.substr(at, 1 << 16);
    out += static_cast<char>(61 << 2);
    out += static_cast<char>((part.size() - 1) & 0xff);
    out += static_cast<char>((part.size() - 1) >> 8);
    out += part;
    at += part.size();
  }
  return out;
}

void write_body(const std::string& message) {
  const std::string body = snappy_literals(message);
  for (int shift = 0; shift < 32; shift += 8)
    std::putchar(static_cast<int>(body.size() >> shift & 0xff));
  std::fwrite(body.data(), 1, body.size(), stdout);
}

class Writer {
 public:
  explicit Writer(const Fleet& fleet) {
    for (const Labels& labels : fleet.series()) labels_.push_back(encoded_labels(labels));
    samples_.resize(labels_.size());
  }

  void add(const Fleet& fleet) {
    for (const Fleet::Sample& sample : fleet.samples()) {
      append_sample(samples_[sample.series], sample);
    }
    if (++scrape_count_ % kScrapesPerBody == 0) flush();
  }

  void flush() {
    std::string message;
    size_t count = 0;
    for (size_t i = 0; i < labels_.size(); ++i) {
      if (!samples_[i].empty()) append_field(message, 0x0a, labels_[i] + samples_[i]);
      samples_[i].clear();
      const bool is_full = ++count == kSeriesPerBody || i + 1 == labels_.size();
      if (!is_full || message.empty()) continue;
      write_body(message);
      message.clear();
      count = 0;
    }
  }

 private:
  std::vector<std::string> labels_;
  std::vector<std::string> samples_;
  size_t scrape_count_ = 0;
};

}  // namespace
}  // namespace promenade::bench

int main(int argc, char** argv) {
  using namespace promenade;
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_fleet END_MS\n");
    return 2;
  }
  bench::FleetOptions options;
  options.end = Timestamp{std::atoll(argv[1])};
  bench::Fleet fleet(options);
  bench::Writer writer(fleet);
  while (fleet.scrape()) writer.add(fleet);
  writer.flush();
}
