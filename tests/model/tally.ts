/** What a run of sequences counted. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #writes = new Map<string, number>();

  count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** Counts a write of a repository by what was answered, in all and in each of the ways that it went. */
  countWrite({ name, ways = [] }: { name: string; ways?: string[] }, code: string): void {
    for (const one of [name, ...ways.map((way) => `${name} ${way}`)]) {
      this.#writes.set(`${one}: ${code}`, this.ofWrite(one, code) + 1);
    }
  }

  ofWrite(name: string, code: string): number {
    return this.#writes.get(`${name}: ${code}`) ?? 0;
  }

  /** All of it but the single writes in one line. */
  summary(): string {
    return lineOf(this.#counts);
  }

  /** The single writes, likewise. */
  writes(): string {
    return lineOf(this.#writes);
  }
}

function lineOf(counts: Map<string, number>): string {
  const order = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return order.map(([what, count]) => `${what} ${count.toLocaleString("en")}`).join(" · ");
}
