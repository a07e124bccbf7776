/**
 * Where events of one log stand in another that has the same, in the same order: what is kept of places has to follow. Sixteen bytes an
 * event.
 */
export class PlaceMap {
  private readonly were = new Places();
  private readonly are = new Places();
  private moved = false;

  /** The next event: where it stood, and where it stands. */
  add(was: bigint, is: bigint): void {
    if (was !== is) this.moved = true;
    this.were.push(was);
    this.are.push(is);
  }

  /** Whether any event stands elsewhere than it did. */
  get changed(): boolean {
    return this.moved;
  }

  get events(): number {
    return this.were.count;
  }

  /** Of the last event that stood there or before; -1 before the first. */
  newPlaceOf(position: bigint): bigint {
    let [from, to] = [0, this.events];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.were.at(middle) <= position) from = middle + 1;
      else to = middle;
    }
    return from === 0 ? -1n : this.are.at(from - 1);
  }
}

class Places {
  private places = new BigInt64Array(1024);
  count = 0;

  push(place: bigint): void {
    if (this.count === this.places.length) {
      const larger = new BigInt64Array(2 * this.count);
      larger.set(this.places);
      this.places = larger;
    }
    this.places[this.count++] = place;
  }

  at(index: number): bigint {
    return this.places[index] as bigint;
  }
}
