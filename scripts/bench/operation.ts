import type { Result } from "../../lib/result";
import type { Work } from "./measure";
import type { BenchPerson } from "./people";

/** Something that people do, as it is measured. */
export type Operation = {
  name: string;
  /** Null for a person whose data is too little for it. */
  prepare: (person: BenchPerson) => Promise<Work | null>;
};

/** A read needs nothing made ready. */
export function read(name: string, run: (person: BenchPerson) => Promise<unknown>): Operation {
  return { name, prepare: async (person) => ({ run: () => run(person) }) };
}

/** What a write gives; a refusal must not be measured as if it were one. */
export async function done<Data>(result: Promise<Result<Data>>): Promise<Data> {
  const settled = await result;
  if (!settled.ok) throw new Error(`It was refused: ${settled.message}`);
  return settled.data;
}
