import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { z } from "zod";
import { safeNext } from "./auth/safe-next";
import { attempt } from "./db/errors";
import { FORM_BYTES_MAX } from "./db/limits";
import type { RequestContext, Scope } from "./db/scope";
import { echoedValues, formBytes, readForm, type FormValues } from "./form";
import { isOwnOrigin } from "./origin";
import { commandScope, requestContext } from "./request";
import { fail, fieldErrors, type Failure, type Result } from "./result";

/** What an action answers: its result, and, for a refused form, what was typed (never passwords). */
export type ActionState<Data, Current = unknown> =
  { ok: true; data: Data } | (Failure<Current> & { values?: FormValues });

/**
 * An action as pages and components call it: with a form (also without JavaScript, through useActionState), or from
 * script with the typed input. `previous` is what useActionState passes; others give null. `commandKey` is what script
 * calls the command by (lib/command-id.ts), so that it stays the same one when it is sent again.
 */
export type Action<Input, Data, Current = unknown> = (
  previous: ActionState<Data, Current> | null,
  input: Input | FormData,
  commandKey?: string,
) => Promise<ActionState<Data, Current>>;

/**
 * The one wrapper around everything that people's clicks do: origin → size → parse → run. `run` gets the scope of the
 * person who asks and the parsed input, and answers with a Result; everything it asks of the scope in one tick is one
 * database request, the session check included.
 *
 * A form that was sent without JavaScript is answered with a redirect (so that a reload repeats nothing), or with the
 * same page, the messages beside their fields and what was typed.
 * @param options.ownCommand each time that it is sent it is a command of its own, whatever key comes with it
 */
export function action<Schema extends z.ZodType, Data, Current = unknown>(
  schema: Schema,
  run: (scope: Scope, input: z.output<Schema>) => Promise<Result<Data, Current>>,
  { ownCommand = false } = {},
): Action<z.input<Schema>, Data, Current> {
  return publicAction(schema, async (input, _context, commandKey) =>
    run(await commandScope(ownCommand ? undefined : commandKey), input),
  );
}

/** The wrapper for the few actions of people who are not signed in: the same steps, without a scope. */
export function publicAction<Schema extends z.ZodType, Data, Current = unknown>(
  schema: Schema,
  run: (
    input: z.output<Schema>,
    context: RequestContext,
    commandKey: unknown,
  ) => Promise<Result<Data, Current>>,
): Action<z.input<Schema>, Data, Current> {
  return async (_previous, raw, commandKey) => {
    const values = raw instanceof FormData ? readForm(raw) : null;
    const refused = (failure: Failure<Current>) =>
      values === null ? failure : { ...failure, values: echoedValues(values) };

    const list = await headers();
    if (!isOwnOrigin(list.get("origin"))) return refused(fail("forbidden"));
    if (values !== null && formBytes(values) > FORM_BYTES_MAX) return refused(fail("too_large"));

    const parsed = schema.safeParse(values ?? raw);
    if (!parsed.success) return refused(fail("invalid", { fields: fieldErrors(parsed.error) }));

    const context = await requestContext();
    const result = await attempt(() => run(parsed.data, context, commandKey));
    if (!result.ok) return refused(result as Failure<Current>);

    if (values !== null && !list.has("next-action")) {
      redirect(backTo(values.returnTo, list.get("referer")));
    }
    return result;
  };
}

function backTo(returnTo: FormValues[string] | undefined, referer: string | null) {
  if (typeof returnTo === "string" && returnTo !== "") return safeNext(returnTo);
  if (referer !== null && URL.canParse(referer)) {
    const { pathname, search } = new URL(referer);
    return safeNext(pathname + search);
  }
  return safeNext("/today");
}
