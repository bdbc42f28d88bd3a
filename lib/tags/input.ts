import { z } from "zod";
import { isId } from "../db/id";
import { TAG_ICON_MAX } from "../db/limits";
import { singleLine, tagName } from "../text";

/** The colour of a tag that nobody chose one for: stone. */
export const TAG_COLOUR_DEFAULT = "#78716c";

const colour = z
  .string({ error: "Choose a colour." })
  .overwrite((text) => text.trim().toLowerCase())
  .regex(/^#[0-9a-f]{6}$/, { error: `Choose a colour such as ${TAG_COLOUR_DEFAULT}.` });

/** An emoji or a few characters. None is null, or what a form says for it: "". */
const icon = singleLine(TAG_ICON_MAX)
  .nullable()
  .transform((text) => text || null);

/** Whatever is no id is let through: the repository says "not found" of it, as of a foreign one. */
const someId = z.string().catch("");

/** The form for a new tag. An id made by whoever asks makes a repeated create the same create. */
export const newTagInput = z.object({
  id: z.string().refine(isId, { error: "Reload the page and try again." }).optional(),
  name: tagName(),
  colour: colour.default(TAG_COLOUR_DEFAULT),
  icon: icon.default(null),
});

/** The form for a tag; its icon can be left out of a form that has no place for it, and then stays. */
export const tagEditInput = z.object({ id: someId, name: tagName(), colour, icon: icon.optional() });

export const tagIdInput = z.object({ id: someId });

export const tagMergeInput = z.object({
  from: someId,
  into: z.string({ error: "Choose a tag to merge into." }).min(1, { error: "Choose a tag to merge into." }),
});
