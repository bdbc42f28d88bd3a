import { z } from "zod";
import { isId } from "../db/id";
import { BULK_DAYS_MAX, BULK_TAGS_MAX } from "../db/limits";
import { dueDate, priority, tagNames } from "./input";

/** What may be asked of many todos at once. Client-safe. */

const daysMessage = `Move due dates by 1 to ${BULK_DAYS_MAX.toLocaleString("en")} days, forward or back.`;

/** BulkChange, with the rules of its fields. */
export const bulkChangeInput = z.discriminatedUnion("action", [
  z.object({ action: z.enum(["start", "complete", "reopen", "cancel", "delete", "restore"]) }),
  z.object({ action: z.literal("priority"), priority }),
  z.object({ action: z.literal("due"), dueDate }),
  z.object({
    action: z.literal("shift"),
    days: z
      .int({ error: daysMessage })
      .min(-BULK_DAYS_MAX, { error: daysMessage })
      .max(BULK_DAYS_MAX, { error: daysMessage })
      .refine((days) => days !== 0, { error: daysMessage }),
    key: z.string().refine(isId, { error: "It does not say which command this is." }),
  }),
  z.object({
    action: z.enum(["tag", "untag"]),
    tags: tagNames.pipe(
      z
        .array(z.string())
        .min(1, { error: "Write at least one tag." })
        .max(BULK_TAGS_MAX, { error: `Choose at most ${BULK_TAGS_MAX} tags at once.` }),
    ),
  }),
  z.object({ action: z.literal("transfer"), userId: z.string() }),
]);
