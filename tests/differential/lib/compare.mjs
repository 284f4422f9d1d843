// Whether two servers said the same: the same kind of error, or the same series with the same values up
// to rounding.
const relativeError = 1e-9;
/** What rounding leaves where nearly equal numbers are subtracted. */
const absoluteError = 1e-12;

function same(a, b) {
  if (a === b) return true;
  const [x, y] = [a, b].map((text) => Number(text.replace('Inf', 'Infinity')));
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
  if (x === y) return true;
  return Math.abs(x - y) <= Math.max(absoluteError, relativeError * Math.max(Math.abs(x), Math.abs(y)));
}

const keyOf = (metric) => JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The points of a series of either result type. */
const pointsOf = (series) => series.values ?? [series.value];

function differenceOfPoints(key, mine, theirs) {
  const [ours, peers] = [mine, theirs].map((points) => new Map(points));
  for (const [time, value] of ours) {
    const other = peers.get(time);
    if (other === undefined) return `${key} has ${value} at ${time}, the peer nothing`;
    if (!same(value, other)) return `${key} has ${value} at ${time}, the peer ${other}`;
  }
  for (const [time, value] of peers)
    if (!ours.has(time)) return `${key} has nothing at ${time}, the peer ${value}`;
  return '';
}

function differenceOfSeries(mine, theirs) {
  const [ours, peers] = [mine, theirs].map(
    (list) => new Map(list.map((series) => [keyOf(series.metric), pointsOf(series)])),
  );
  for (const [key, points] of ours) {
    if (!peers.has(key)) return `${key} is only ours`;
    const found = differenceOfPoints(key, points, peers.get(key));
    if (found) return found;
  }
  for (const key of peers.keys()) if (!ours.has(key)) return `${key} is only the peer's`;
  return '';
}

const describe = (answer) =>
  answer.status === 'success' ? 'a result' : `${answer.errorType}: ${answer.error}`;

/** What differs between two answers of the API, in words; "" when nothing does. */
export function difference(mine, theirs) {
  if (mine.status !== theirs.status || mine.errorType !== theirs.errorType) {
    return `ours is ${describe(mine)}; the peer's is ${describe(theirs)}`;
  }
  if (mine.status === 'error') return '';
  const [ours, peers] = [mine.data, theirs.data];
  if (ours.resultType !== peers.resultType)
    return `ours is a ${ours.resultType}, the peer's a ${peers.resultType}`;
  if (ours.resultType === 'scalar' || ours.resultType === 'string') {
    return differenceOfPoints('it', [ours.result], [peers.result]);
  }
  return differenceOfSeries(ours.result, peers.result);
}

/** Whether there is anything in the answer. */
export function isTelling(answer) {
  return answer.status === 'success' && answer.data.result.length > 0;
}
