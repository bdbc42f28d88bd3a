import { undoCommand } from "../../lib/audit/repository";
import { newId } from "../../lib/db/id";
import {
  completeTodo,
  createTodo,
  deleteTodo,
  getTodo,
  reopenTodo,
  restoreTodo,
  updateTodo,
} from "../../lib/todos/repository";
import { done, type Operation } from "./operation";
import { someIds } from "./reads";

export const WRITES: readonly Operation[] = [
  {
    name: "add a todo",
    prepare: async ({ scope }) => ({
      run: () => done(createTodo(scope(), { id: newId(), title: "Call the meeting's host", tags: ["home"] })),
    }),
  },
  {
    name: "complete a todo",
    prepare: async (person) => {
      const ids = await someIds(person, "status in ('pending', 'in_progress')");
      let next = 0;
      const current = () => ids[next % ids.length] ?? "";
      return {
        run: () => done(completeTodo(person.scope(), { id: current() })),
        after: async () => {
          await done(reopenTodo(person.scope(), { id: current() }));
          next += 1;
        },
      };
    },
  },
  {
    name: "edit a todo",
    prepare: async (person) => {
      const [id = ""] = await someIds(person);
      const { rows } = await person.owner.query<{ version: number }>(
        "select version from todos where id = $1",
        [id],
      );
      let version = rows[0]?.version ?? 0;
      return {
        run: async () => {
          const todo = await done(
            updateTodo(person.scope(), {
              id,
              version,
              title: `Call the host, try ${version}`,
              description: "Soon.",
            }),
          );
          version = todo.version;
        },
      };
    },
  },
  {
    name: "delete a todo",
    prepare: async (person) => {
      const [id = ""] = await someIds(person);
      return {
        run: () => done(deleteTodo(person.scope(), { id })),
        after: () => done(restoreTodo(person.scope(), { id })),
      };
    },
  },
  {
    name: "undo an edit of a todo",
    prepare: async (person) => {
      const [id = ""] = await someIds(person);
      // Each undo is undone by the next: it is a command like any other.
      const scope = person.scope();
      const { version } = (await getTodo(scope, id)) ?? { version: 0 };
      await done(updateTodo(scope, { id, version, title: "Call the host again" }));
      let { commandId } = scope;
      return {
        run: async () => {
          const undone = await done(undoCommand(person.scope(), { commandId }));
          if (undone.leftCount > 0) throw new Error("It was changed by something else.");
          commandId = undone.commandId;
        },
      };
    },
  },
];
