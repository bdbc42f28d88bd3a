/** What a run of sequences counted. */
export class Tally {
  readonly #counts = new Map<string, number>();

  count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** All of it in one line. */
  summary(): string {
    const order = [...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return order.map(([what, count]) => `${what} ${count.toLocaleString("en")}`).join(" · ");
  }
}
