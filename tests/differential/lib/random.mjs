// Numbers that depend on a seed alone (mulberry32), so that a failing run can be run again.
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }
  /** In [0, 1). */
  uniform() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  below(bound) {
    return Math.floor(this.uniform() * bound);
  }
  chance(probability) {
    return this.uniform() < probability;
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  /** Each element with the given chance, in order. */
  some(list, probability = 0.5) {
    return list.filter(() => this.chance(probability));
  }
}
