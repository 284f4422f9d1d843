#pragma once  // engine/tsdb/histogram_chunks.h
// Where a chunk of histograms ends, as far as that shows to whoever reads them back: Prometheus
// keeps no reset hint with a counter's samples, but begins a new chunk at every reset
// (tsdb/chunkenc/float_histogram.go). So the first sample of a chunk is read back with the hint
// Unknown and every later one with NotReset. Chunks that end only because they are full are not
// imitated: such a sample is NotReset here, which is the truth as well.
#include "model/histogram.h"

namespace promenade::tsdb {

// `histogram` with the hint that it has when it is read back. `previous` is the sample before it in
// the same chunk range; null when there is none or it is a float.
HistogramPtr as_read_back(HistogramPtr histogram, const FloatHistogram* previous);

}  // namespace promenade::tsdb
