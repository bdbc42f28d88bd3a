/** What a command has to undo before it ends, in the opposite order of its start. */
export class Cleanup {
  private readonly steps: (() => Promise<void> | void)[] = [];

  /** Whether there is anything to undo. */
  get isEmpty(): boolean {
    return this.steps.length === 0;
  }

  add(step: () => Promise<void> | void): void {
    this.steps.push(step);
  }

  /**
   * Undoes everything; a step that fails does not keep the others from being done.
   * @returns what went wrong
   */
  async run(): Promise<unknown[]> {
    const problems: unknown[] = [];
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      try {
        await step();
      } catch (error) {
        problems.push(error);
      }
    }
    return problems;
  }
}
