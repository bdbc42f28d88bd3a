import { stripVTControlCharacters } from "node:util";

/** What a stage tells while it works, and in the end. */
export type StageReport = {
  /** What is being done now. */
  note: (text: string) => void;
  /** Stands in brackets behind the stage's name when it is done. */
  summarize: (text: string) => void;
};

type Output = Pick<NodeJS.WriteStream, "write"> & { isTTY?: boolean; columns?: number };

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;
const HEARTBEAT_MS = 4000;
/** A section's own lines are signs of life already. */
const SECTION_HEARTBEAT_MS = 10_000;

/**
 * Shows the stages of a command: one line for each with the seconds that it took, and signs of life in between. In a
 * terminal that is a line that moves; elsewhere (a file, CI) a plain line every few seconds.
 */
export class Progress {
  constructor(private readonly output: Output) {}

  /** Runs one stage and shows how it goes; its failure is passed on. */
  async stage<Result>(title: string, work: (report: StageReport) => Promise<Result>): Promise<Result> {
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    let note = "";
    let summary = "";
    const ticker = this.startTicker((frame) => `${frame} ${title}${note && ` · ${note}`} … ${seconds()}`);
    try {
      const result = await work({
        // Programs that think they write to a terminal colour their lines; cut to our width they would stain the rest.
        note: (text) => (note = stripVTControlCharacters(text).trim()),
        summarize: (text) => (summary = text),
      });
      ticker.stop(`✓ ${title}${summary && ` (${summary})`} ${seconds()}`);
      return result;
    } catch (error) {
      ticker.stop(`✗ ${title} ${seconds()}`);
      throw error;
    }
  }

  /**
   * Runs one stage that prints lines of its own, between its title and its end; when it is silent for long, a line
   * says that it still works.
   */
  async section<Result>(
    title: string,
    work: (print: (line: string) => void) => Promise<Result>,
    summarize: (result: Result) => string,
  ): Promise<Result> {
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    this.line(`· ${title}`);
    const beat = () => this.line(`  ${title} … ${seconds()}`);
    let timer = setInterval(beat, SECTION_HEARTBEAT_MS);
    try {
      const result = await work((line) => {
        clearInterval(timer);
        timer = setInterval(beat, SECTION_HEARTBEAT_MS);
        this.line(line);
      });
      this.line(`· ${title} (${summarize(result)}) ${seconds()}`);
      return result;
    } finally {
      clearInterval(timer);
    }
  }

  /** Prints a line of its own. */
  line(text = ""): void {
    this.output.write(`${text}\n`);
  }

  private startTicker(render: (frame: string) => string): { stop: (last: string) => void } {
    const { output } = this;
    const live = output.isTTY === true;
    let count = 0;
    const paint = () => {
      const frame = FRAMES[count++ % FRAMES.length] ?? "";
      if (!live) output.write(`${render(" ")}\n`);
      else output.write(`\r\x1b[2K${render(frame).slice(0, (output.columns ?? 80) - 1)}`);
    };
    const timer = setInterval(paint, live ? FRAME_MS : HEARTBEAT_MS);
    if (live) paint();
    return {
      stop: (last) => {
        clearInterval(timer);
        output.write(live ? `\r\x1b[2K${last}\n` : `${last}\n`);
      },
    };
  }
}
