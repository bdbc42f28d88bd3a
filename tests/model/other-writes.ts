import type { Settings } from "@/lib/settings/input";
import type { ModelWrite } from "./outcome";
import { Undone, entityOf, linkChanges } from "./outcome";
import { difference, tagRow } from "./state";
import { makeTag, unlink } from "./todo-writes";

/** What each write on tags, and on a person's settings, should do. Tags are named by their labels. */

type Look = { name: string; colour: string; icon?: string | null | undefined };

export const createTag: ModelWrite<Look & { id: string }> = (draft, { id, name, colour, icon = null }) => {
  const organizationId = draft.me.personalOrganizationId;
  const known = draft.state.tags[id];
  if (known === undefined) makeTag(draft, { organizationId, name, colour, icon }, id);
  return known === undefined || known.organizationId === organizationId
    ? { code: "ok", tag: id }
    : { code: "not_found" };
};

export const updateTag: ModelWrite<Look & { label: string }> = (draft, { label, ...look }) => {
  const tag = draft.state.tags[label];
  if (tag === undefined || !draft.mayWrite(tag)) return { code: "not_found" };
  const taken = Object.values(draft.state.tags).some(
    (other) =>
      other.label !== label &&
      other.organizationId === tag.organizationId &&
      other.name.toLowerCase() === look.name.toLowerCase(),
  );
  if (taken) throw new Undone({ code: "invalid" });
  const changed = { ...tag, ...look, icon: look.icon === undefined ? tag.icon : look.icon };
  draft.state.tags[label] = changed;
  const changes = difference(tagRow(tag), tagRow(changed));
  if (Object.keys(changes).length > 0) remember(draft, tag, "update", changes);
  return { code: "ok", tag: label };
};

export const deleteTag: ModelWrite<{ label: string }> = (draft, { label }) => {
  const tag = draft.state.tags[label];
  if (tag !== undefined && draft.mayWrite(tag)) removeTag(draft, label);
  return { code: wasDeleted(draft, label) ? "ok" : "not_found" };
};

export const mergeTags: ModelWrite<{ from: string; into: string }> = (draft, { from, into }) => {
  if (from === into) return { code: "invalid" };
  const { state } = draft;
  const [source, target] = [state.tags[from], state.tags[into]];
  if (source !== undefined && source.organizationId === target?.organizationId && draft.mayWrite(source)) {
    for (const todo of Object.values(state.todos)) {
      if (!todo.tags.includes(from) || todo.tags.includes(into)) continue;
      draft.remember({ ...entityOf(todo), action: "tag", changes: linkChanges(state, into, "tag") });
      todo.tags.push(into);
    }
    removeTag(draft, from);
  }
  const there = target !== undefined && draft.me.organizationIds.includes(target.organizationId);
  return wasDeleted(draft, from) && there ? { code: "ok", tag: into } : { code: "not_found" };
};

export const updateSettings: ModelWrite<Settings> = (draft, { name, ...preferences }) => {
  const { me, state } = draft;
  const after = { ...me, name, preferences: { ...me.preferences, ...preferences } };
  const row = (person: typeof me) => ({ name: person.name, preferences: ordered(person.preferences) });
  const changes = difference(row(me), row(after));
  state.people[me.id] = after;
  if (Object.keys(changes).length > 0) {
    draft.remember({ organizationId: null, entityType: "user", entityId: me.id, action: "update", changes });
  }
  return { code: "ok" };
};

/** So that the same preferences are the same text, whatever order they were set in. */
function ordered(preferences: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(preferences).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

type Draft = Parameters<ModelWrite<unknown>>[0];
type Tag = Draft["state"]["tags"][string];

function removeTag(draft: Draft, label: string): void {
  const tag = draft.state.tags[label];
  if (tag === undefined) return;
  for (const todo of Object.values(draft.state.todos)) {
    if (todo.tags.includes(label)) unlink(draft, todo, label);
  }
  delete draft.state.tags[label];
  remember(draft, tag, "delete", difference(tagRow(tag), null));
}

function remember(draft: Draft, tag: Tag, action: string, changes: ReturnType<typeof difference>): void {
  const { organizationId, label } = tag;
  draft.remember({ organizationId, entityType: "tag", entityId: label, action, changes });
}

/** Whether it is not there, and the audit log that they may read knows that it was deleted. */
function wasDeleted({ state, me }: Draft, label: string): boolean {
  if (label in state.tags) return false;
  return state.audit.some(
    ({ entityId, action, organizationId }) =>
      entityId === label && action === "delete" && me.organizationIds.includes(organizationId ?? ""),
  );
}
