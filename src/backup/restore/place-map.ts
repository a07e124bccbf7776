/**
 * Where events of the backed-up log stand in the new one: what the database keeps of places has to follow. A log that is filled counts
 * from 0 without gaps, so that the n-th event stands at n.
 */
export class PlaceMap {
  private places = new BigInt64Array(1024);
  private count = 0;
  private moved = false;

  /** The next event, by where it stood. */
  add(position: bigint): void {
    if (position !== BigInt(this.count)) this.moved = true;
    if (this.count === this.places.length) {
      const larger = new BigInt64Array(2 * this.count);
      larger.set(this.places);
      this.places = larger;
    }
    this.places[this.count++] = position;
  }

  /** Whether any event stands elsewhere than it did. */
  get changed(): boolean {
    return this.moved;
  }

  get events(): number {
    return this.count;
  }

  /** Of the last event that stood there or before; -1 before the first. */
  newPlaceOf(position: bigint): bigint {
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.places[middle] as bigint) <= position) from = middle + 1;
      else to = middle;
    }
    return BigInt(from - 1);
  }
}
