// Field numbers and types are those of prompb/remote.proto and prompb/types.proto. protozero throws
// on bytes that are cut off; a field with another type than it should have is as wrong.
#include "remote/write_request.h"

#include "remote/wire_field.h"

namespace promenade::remote {
namespace {

using protozero::pbf_reader;

Label read_label(pbf_reader message) {
  constexpr WireField kName = length_field(1);
  constexpr WireField kValue = length_field(2);
  Label label;
  while (message.next()) {
    switch (check_field(message, {kName, kValue})) {
      case 1:
        label.name = read_view(message);
        break;
      case 2:
        label.value = read_view(message);
        break;
      default:
        message.skip();
    }
  }
  return label;
}

WireSample read_sample(pbf_reader message) {
  constexpr WireField kValue = double_field(1);
  constexpr WireField kTime = varint_field(2);
  WireSample sample{};
  while (message.next()) {
    switch (check_field(message, {kValue, kTime})) {
      case 1:
        sample.value = message.get_double();
        break;
      case 2:
        sample.time_ms = message.get_int64();
        break;
      default:
        message.skip();
    }
  }
  return sample;
}

void read_series(pbf_reader message, WireSeries& series) {
  constexpr WireField kLabels = length_field(1);
  constexpr WireField kSamples = length_field(2);
  constexpr WireField kExemplars = length_field(3);
  constexpr WireField kHistograms = length_field(4);
  series.labels.clear();
  series.samples.clear();
  series.histograms.clear();
  while (message.next()) {
    switch (check_field(message, {kLabels, kSamples, kExemplars, kHistograms})) {
      case 1:
        series.labels.push_back(read_label(message.get_message()));
        break;
      case 2:
        series.samples.push_back(read_sample(message.get_message()));
        break;
      case 4:
        series.histograms.push_back(read_view(message));
        break;
      default:
        message.skip();
    }
  }
}

}  // namespace

Result<bool> WriteRequestReader::next(WireSeries& series) {
  constexpr WireField kSeries = length_field(1);
  constexpr WireField kMetadata = length_field(3);
  try {
    while (message_.next()) {
      if (check_field(message_, {kSeries, kMetadata}) == kSeries.number) {
        read_series(message_.get_message(), series);
        return true;
      }
      message_.skip();
    }
    return false;
  } catch (const protozero::exception& error) {
    return malformed_message(error);
  }
}

}  // namespace promenade::remote
