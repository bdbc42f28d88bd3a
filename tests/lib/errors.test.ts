import { inspect } from "node:util";
import { NeonDbError } from "@neondatabase/serverless";
import { DrizzleQueryError } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { attempt, DatabaseError, isRetryable, mapDatabaseError, Refused } from "@/lib/db/errors";
import { fail } from "@/lib/result";

function databaseError(code: string, message = "", constraint = ""): NeonDbError {
  return Object.assign(new NeonDbError(message), { code, constraint });
}

function failureOf(error: unknown) {
  const mapped = mapDatabaseError(error);
  return mapped instanceof Refused ? mapped.failure : mapped;
}

describe("mapDatabaseError", () => {
  it.each([
    ["CN401", "signed_out"],
    ["CN404", "not_found"],
    ["CN409", "conflict"],
    ["23503", "not_found"],
    ["57P01", "unavailable"],
    ["53300", "unavailable"],
    ["57014", "unavailable"],
    ["40001", "unavailable"],
    ["", "unavailable"],
  ])("tells SQLSTATE %j as %s", (code, expected) => {
    expect(failureOf(databaseError(code))).toMatchObject({ ok: false, code: expected });
  });

  it("tells a row that row-level security hides as not there, and a missing grant as a bug", () => {
    const hidden = databaseError("42501", 'new row violates row-level security policy for table "todos"');
    expect(failureOf(hidden)).toMatchObject({ code: "not_found" });
    const bug = databaseError("42501", "permission denied for table todos");
    expect(mapDatabaseError(bug)).toMatchObject({
      name: "DatabaseError",
      code: "42501",
      message: bug.message,
    });
  });

  it("puts a guard's sentence beside its field", () => {
    expect(
      failureOf(databaseError("CN422", "dueDate: Choose today or later: a new todo is for what comes.")),
    ).toEqual(
      fail("invalid", { fields: { dueDate: ["Choose today or later: a new todo is for what comes."] } }),
    );
  });

  it("tells a broken constraint beside the field that it is about", () => {
    expect(failureOf(databaseError("23505", "duplicate key", "tags_organization_id_name_key"))).toMatchObject(
      {
        code: "invalid",
        fields: { name: ["There is already a tag with this name."] },
      },
    );
  });

  it("finds the database's error inside Drizzle's, and never shows its SQL or parameters", () => {
    const error = new DrizzleQueryError("select secret", ["secret"], databaseError("CN404"));
    expect(JSON.stringify(failureOf(error))).not.toContain("secret");
    expect(failureOf(error)).toMatchObject({ code: "not_found" });
  });

  it.each([
    databaseError("42601", "syntax error"),
    databaseError("", "password authentication failed for user 'app_user'"),
  ])("lets a mistake of ours stay an error: %s", (error) => {
    const mapped = mapDatabaseError(error);
    expect(mapped).toBeInstanceOf(DatabaseError);
    expect(mapped).toMatchObject({ code: error.code, message: error.message });
    expect(mapDatabaseError(mapped)).toEqual(mapped);
  });

  it("gives back what is no database error", () => {
    const bug = new TypeError("a bug");
    expect(mapDatabaseError(bug)).toBe(bug);
  });

  it.each(["CN404", "23514", "23505", "22P02", "57P01", "XX001", "42601", ""])(
    "lets nothing through to the log that people wrote: %j",
    (code) => {
      const inner = Object.assign(databaseError(code, code === "22P02" ? "bad value: secret" : "bad value"), {
        detail: "Failing row contains (secret).",
        where: "SQL statement: insert secret",
        internalQuery: "select secret",
        hint: "secret",
        sourceError: new Error("secret"),
      });
      const errors = [inner, new DrizzleQueryError("select secret", ["secret"], inner)];
      for (const error of errors) {
        expect(inspect(mapDatabaseError(error), { depth: null, showHidden: true })).not.toContain("secret");
      }
    },
  );
});

describe("isRetryable", () => {
  it("is so for an id that somebody else adds at the same instant, and not for a name", () => {
    const constraints = ["todos_organization_id_id_key", "tags_organization_id_name_key"];
    expect(constraints.map((name) => isRetryable(databaseError("23505", "duplicate key", name)))).toEqual([
      true,
      false,
    ]);
  });

  it("is so for serialization failures and deadlocks alone", () => {
    expect(["40001", "40P01", "23505", ""].map((code) => isRetryable(databaseError(code)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("attempt", () => {
  it("gives a refusal as a failure and throws a bug on", async () => {
    expect(await attempt(() => Promise.reject(new Refused(fail("conflict"))))).toEqual(fail("conflict"));
    await expect(attempt(() => Promise.reject(new TypeError("a bug")))).rejects.toThrow("a bug");
  });
});
