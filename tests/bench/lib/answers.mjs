// Whether two answers of the query API say the same.

const tolerance = 1e-9;

function isClose(a, b) {
  if (a === b) return true;
  const [x, y] = [Number(a), Number(b)];
  if (a === 'NaN' || b === 'NaN' || !Number.isFinite(x) || !Number.isFinite(y)) return false;
  return Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y));
}

const keyOf = (metric) => JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));

function pointsDiffer(ours, theirs) {
  if (ours.length !== theirs.length) return `${ours.length} points instead of ${theirs.length}`;
  for (let i = 0; i < ours.length; ++i) {
    if (ours[i][0] !== theirs[i][0]) return `a point at ${ours[i][0]} instead of ${theirs[i][0]}`;
    if (!isClose(ours[i][1], theirs[i][1]))
      return `${ours[i][1]} instead of ${theirs[i][1]} at ${ours[i][0]}`;
  }
  return undefined;
}

/** What is different first, in words; undefined when nothing is. Vectors count as sets. */
export function difference(ours, theirs) {
  if (ours.resultType !== theirs.resultType) return `a ${ours.resultType} instead of a ${theirs.resultType}`;
  if (ours.result.length !== theirs.result.length) {
    return `${ours.result.length} series instead of ${theirs.result.length}`;
  }
  const expected = new Map(theirs.result.map((series) => [keyOf(series.metric), series]));
  for (const series of ours.result) {
    const other = expected.get(keyOf(series.metric));
    if (!other) return `a series ${keyOf(series.metric)} too many`;
    const found = pointsDiffer(series.values ?? [series.value], other.values ?? [other.value]);
    if (found) return `${found} of ${keyOf(series.metric)}`;
  }
  return undefined;
}
