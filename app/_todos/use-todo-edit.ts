"use client";

import { useEffect, useRef, useState, type FormEvent, type RefObject } from "react";
import {
  changedFields,
  editFields,
  editInput,
  editValues,
  mergeEdit,
  type EditField,
  type EditValues,
} from "@/app/_todos/edit";
import { send } from "@/app/_ui/send";
import { useTodos, useTodosState } from "@/app/_todos/store";
import { tooLong } from "@/app/_todos/too-long";
import { keepUnsaved, readUnsaved } from "@/app/_todos/unsaved";
import type { ActionState } from "@/lib/action";
import { DESCRIPTION_MAX, TITLE_MAX } from "@/lib/db/limits";
import { fail, type Failure } from "@/lib/result";
import { saveTodo } from "@/lib/todos/actions";
import type { Todo, Written } from "@/lib/todos/types";

/** What the form stands on: the version of the todo that its edits are made on. */
export type EditBase = { version: number; values: EditValues };

/** Somebody else saved the todo meanwhile. */
export type EditConflict = {
  theirs: EditValues;
  mine: EditValues;
  /** Fields that both changed: mine is in the form until the person has chosen. */
  disputed: EditField[];
  /** Fields that only they changed: theirs is in the form. */
  taken: EditField[];
};

export type EditPhase = "clean" | "dirty" | "saving" | "saved";

type Answer = ActionState<Written, Todo>;

/**
 * The life of an edit form: what it stands on, what was refused, and what others saved meanwhile. The texts themselves
 * live in the form's fields, so that nothing that is typed, before or while the script runs, can be overwritten by a render.
 * @param sent what the server said to the form when it was sent without script
 */
export function useTodoEdit(todo: Todo, sent: Answer | null, form: RefObject<HTMLFormElement | null>) {
  const { receive } = useTodos();
  const answered = useTodosState().answered.get(todo.id);
  const newest = answered !== undefined && answered.version > todo.version ? answered : todo;

  const [start] = useState(() => startOf(todo, sent));
  const [base, setBase] = useState(start.base);
  const [phase, setPhase] = useState<EditPhase>("clean");
  const [failure, setFailure] = useState(start.failure);
  const [conflict, setConflict] = useState(start.conflict);
  const [broughtBack, setBroughtBack] = useState(false);
  const saving = useRef(false);

  /** Looks at the form again after it or what it stands on has changed. */
  function review(on: EditBase, otherwise: EditPhase) {
    const mine = readValues(form.current);
    const dirty = mine !== null && changedFields(on.values, mine).length > 0;
    keepUnsaved(todo.id, dirty ? { version: on.version, base: on.values, mine } : null);
    setPhase(dirty ? "dirty" : otherwise);
  }

  /** Puts the form onto a newer version of the todo, and keeps in it what was changed here. */
  function standOn(theirs: Todo, from: EditValues): EditConflict | null {
    const mine = readValues(form.current);
    if (mine === null) return null;
    const next = { version: theirs.version, values: editValues(theirs) };
    const { values, disputed } = mergeEdit(from, mine, next.values);
    writeValues(form.current, values);
    setBase(next);
    review(next, "clean");
    return { theirs: next.values, mine, disputed, taken: changedFields(mine, values) };
  }

  // What was left unsaved when this page was left, or typed before the script came.
  useEffect(() => {
    const unsaved = readUnsaved(todo.id);
    if (unsaved === null) {
      review(base, "clean");
      return;
    }
    writeValues(form.current, unsaved.mine);
    setBroughtBack(true);
    if (unsaved.version === base.version) {
      review(base, "clean");
    } else {
      const found = standOn(todo, unsaved.base);
      if (found && found.disputed.length > 0) setConflict(found);
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the form appears
  }, []);

  // The todo was changed from elsewhere on this page, or read anew.
  useEffect(() => {
    if (newest.version <= base.version || saving.current) return;
    const found = standOn(newest, base.values);
    if (found && found.disputed.length > 0) setConflict(found);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- what it reads beside these is as of this render
  }, [newest.version, base.version]);

  useEffect(() => {
    if (phase !== "dirty" && phase !== "saving") return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [phase]);

  async function save() {
    const mine = readValues(form.current);
    if (mine === null || saving.current) return;
    const refused = tooLongFields(mine);
    setFailure(refused);
    if (refused !== null) return;
    setConflict(null);
    saving.current = true;
    setPhase("saving");
    const input = editInput(todo.id, base.version, base.values, mine);
    const answer: Answer = await send(saveTodo, input);
    saving.current = false;
    setBroughtBack(false);
    if (answer.ok) {
      const saved = { version: answer.data.todo.version, values: editValues(answer.data.todo) };
      settle(form.current, mine, saved.values);
      setBase(saved);
      review(saved, "saved");
      receive(newest, answer.data);
      return;
    }
    setFailure(answer);
    const theirs = answer.code === "conflict" ? answer.current : undefined;
    if (theirs === undefined) review(base, "clean");
    else setConflict(standOn(theirs, base.values));
  }

  return {
    start: start.values,
    base,
    phase,
    failure,
    conflict,
    broughtBack,
    handleInput: () => review(base, "clean"),
    handleSubmit: (event: FormEvent) => {
      event.preventDefault();
      void save();
    },
    /** Gives up what was typed here for what is saved. */
    takeTheirs: () => {
      writeValues(form.current, base.values);
      setConflict(null);
      setFailure(null);
      setBroughtBack(false);
      review(base, "clean");
    },
  };
}

/** What can be refused without asking; the texts stay in their fields. */
function tooLongFields(values: EditValues): Failure<Todo> | null {
  const title = tooLong(values.title, TITLE_MAX);
  const description = tooLong(values.description, DESCRIPTION_MAX);
  if (title === null && description === null) return null;
  const fields = { ...(title && { title: [title] }), ...(description && { description: [description] }) };
  return fail("invalid", { fields });
}

type Start = {
  values: EditValues;
  base: EditBase;
  failure: Failure<Todo> | null;
  conflict: EditConflict | null;
};

function startOf(todo: Todo, sent: Answer | null): Start {
  const base = { version: todo.version, values: editValues(todo) };
  if (sent === null || sent.ok) return { values: base.values, base, failure: null, conflict: null };
  const values = { ...base.values };
  for (const name of editFields) {
    const value = sent.values?.[name];
    if (typeof value === "string") values[name] = value;
  }
  if (sent.code !== "conflict" || !sent.current) return { values, base, failure: sent, conflict: null };
  // What the form stood on is not known without script: every difference is put to the person.
  const theirs = editValues(sent.current);
  const conflict = { theirs, mine: values, disputed: changedFields(values, theirs), taken: [] };
  return { values, base: { version: sent.current.version, values: theirs }, failure: sent, conflict };
}

function readValues(form: HTMLFormElement | null): EditValues | null {
  if (form === null) return null;
  const values = {
    title: "",
    description: "",
    priority: "",
    dueDate: "",
    dueTime: "",
    scheduledFor: "",
    tags: "",
  };
  for (const name of editFields) {
    const field = form.elements.namedItem(name);
    if (isControl(field)) values[name] = field.value;
  }
  return values;
}

function writeValues(form: HTMLFormElement | null, values: EditValues) {
  for (const name of editFields) {
    const field = form?.elements.namedItem(name);
    if (isControl(field) && field.value !== values[name]) field.value = values[name];
  }
}

/** Shows what was stored in the fields that still say what was sent; what was typed since stays. */
function settle(form: HTMLFormElement | null, sent: EditValues, stored: EditValues) {
  const now = readValues(form);
  if (now === null) return;
  const values = { ...now };
  for (const name of editFields) if (now[name] === sent[name]) values[name] = stored[name];
  writeValues(form, values);
}

function isControl(field: unknown): field is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement {
  return (
    field instanceof HTMLInputElement ||
    field instanceof HTMLTextAreaElement ||
    field instanceof HTMLSelectElement
  );
}
