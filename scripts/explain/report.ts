import type { Explained } from "./explain";

/** What is wrong with an entry, in a sentence each. Tables with few rows are read whole because that is quickest. */
export function findingsOf({ error, refused, readWhole }: Explained): string[] {
  return [
    ...(error === null || refused ? [] : [`It failed: ${error}.`]),
    ...(readWhole.includes("todos")
      ? ["It reads all todos: it has no index to go by, or does not take it."]
      : []),
  ];
}

/** One line for each entry, and its findings below it. */
export function summarize(all: readonly Explained[]): string {
  const rows = all.map((one) => {
    const plans = one.statements.map(({ plan }) => plan);
    const sum = (count: (plan: (typeof plans)[number]) => number) =>
      plans.reduce((total, plan) => total + count(plan), 0);
    return {
      title: titleOf(one),
      cells: [
        sum(({ ms, planningMs }) => ms + planningMs).toFixed(1),
        String(sum(({ buffers }) => buffers)),
        String(plans.at(-1)?.rows ?? 0),
      ],
      touched: one.refused ? `(refused: ${one.error})` : one.touched.join(", "),
      findings: findingsOf(one),
    };
  });
  const width = Math.max(...rows.map(({ title }) => title.length));
  const line = (title: string, cells: string[], touched: string) =>
    `${title.padEnd(width)} ${cells.map((cell) => cell.padStart(9)).join(" ")}  ${touched}`.trimEnd();
  return [
    line("query", ["ms", "buffers", "rows"], "indexes"),
    ...rows.flatMap(({ title, cells, touched, findings }) => [
      line(title, cells, touched),
      ...findings.map((finding) => `  ✗ ${finding}`),
    ]),
  ].join("\n");
}

/** The plans of one entry as PostgreSQL writes them. */
export function details(one: Explained): string {
  return [
    `── ${titleOf(one)}`,
    ...one.statements.map(({ name, text }) => `${name}\n${text.replaceAll(/^/gm, "  ")}`),
    ...findingsOf(one).map((finding) => `✗ ${finding}`),
  ].join("\n\n");
}

function titleOf({ name, variant }: Pick<Explained, "name" | "variant">): string {
  return variant === "" ? name : `${name}: ${variant}`;
}
