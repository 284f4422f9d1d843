// Where Prometheus 3, and so Promenade, differs from the peer of the test, Prometheus 2.42, and why. Windows and
// rate() are held equal by our flag --query.prometheus2-rules; what the peer says in other words is translated; the rest
// is excused, each as narrowly as it can be.

/** Functions that have another name in 3.x. */
export const renamed = { holt_winters: 'double_exponential_smoothing' };

/** The text of an operator between vectors for the peer: atan2 kept the metric name until 2.43. */
export function forPeer(operator, text) {
  return operator === 'atan2' ? `label_replace(${text}, "__name__", "", "", "")` : text;
}

/** `query` is the text sent to us, `found` what the comparison said. */
export const excused = [
  {
    reason: '2.42 lets a window that @ pins under predict_linear move on after the first step of a range',
    query: /\bpredict_linear\(.*\] (offset -?\w+ )?@ /,
    found: /, the peer /,
  },
  {
    reason: '2.42 finds nothing for timestamp() of a selector with @ and an offset longer than the look-back',
    query: /\btimestamp\(.*(offset \S+ @|@ \S+ offset) /,
    found: /is only ours$|, the peer nothing$/,
  },
  {
    reason:
      '2.42 appends the label of count_values to those of its "by" in place at each step, and so loses the last of them after the first step of a range',
    query: /\bcount_values by \(\w/,
    found: /, the peer nothing$|is only /,
  },
  {
    reason:
      'stddev and stdvar of a NaN or an infinity alone are NaN since 3.0; 2.42 took every single value for 0 apart',
    query: /\bstd(dev|var)\b/,
    found: /has NaN at [\d.]+, the peer /,
  },
  {
    reason:
      'since 3.9 two elements on the many side are an error even where a comparison would have dropped one of them',
    query: / (==|!=|<=|>=|<|>) /,
    found:
      /^ours is execution: multiple matches for labels: many-to-one matching must be explicit \(group_left\/group_right\); the peer's is a result$/,
  },
];

export function knownDifference(query, found) {
  return excused.find((known) => known.query.test(query) && known.found.test(found));
}
