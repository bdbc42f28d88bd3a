import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { batch, errorKeys, single } from "../helpers/endpoint-client";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql(`create table item (id int primary key, size int constraint small check (size < 10))`);
  await database.sql(`
    create function broken() returns int language plpgsql as $$
    begin
      return (select nothing from nowhere);
    end $$`);
});
afterAll(() => database.drop());

async function failing(query: string, params: unknown[] = []): Promise<Record<string, unknown>> {
  const { status, error } = await single(database, query, params);
  expect(status).toBe(400);
  expect(Object.keys(error)).toEqual(errorKeys);
  return error;
}

describe("an error of PostgreSQL", () => {
  it("has all 17 keys, and its position as text", async () => {
    expect(await failing("select * from nowhere")).toEqual({
      message: 'relation "nowhere" does not exist',
      code: "42P01",
      detail: null,
      hint: null,
      position: "15",
      internalPosition: null,
      internalQuery: null,
      severity: "ERROR",
      where: null,
      table: null,
      column: null,
      schema: null,
      dataType: null,
      constraint: null,
      file: "parse_relation.c",
      line: expect.stringMatching(/^\d+$/),
      routine: "parserOpenTable",
    });
  });

  it("names what was violated", async () => {
    await database.sql("insert into item values (1, 1)");
    expect(await failing("insert into item values (1, 2)")).toMatchObject({
      code: "23505",
      detail: "Key (id)=(1) already exists.",
      schema: "public",
      table: "item",
      constraint: "item_pkey",
    });
    expect(await failing("insert into item values (2, 20)")).toMatchObject({
      code: "23514",
      constraint: "small",
    });
    expect(await failing("insert into item values (null, 2)")).toMatchObject({ code: "23502", column: "id" });
  });

  it("inside a function has an internal position and query, and where it happened", async () => {
    expect(await failing("select broken()")).toMatchObject({
      code: "42P01",
      position: null,
      internalPosition: "22",
      internalQuery: "(select nothing from nowhere)",
      where: expect.stringContaining("PL/pgSQL function broken() line 3"),
    });
  });

  it("that a function raised keeps its own code, words and fields", async () => {
    const raise = `do $$ begin
      raise 'Nein: %', 'ä🪨' using errcode = 'CA001', detail = 'the detail', hint = 'the hint', column = 'c', datatype = 'd';
    end $$`;
    expect(await failing(raise)).toMatchObject({
      message: "Nein: ä🪨",
      code: "CA001",
      detail: "the detail",
      hint: "the hint",
      column: "c",
      dataType: "d",
    });
  });

  it("in a batch looks the same", async () => {
    const { status, error } = await batch(database, ["select 1", { query: "select $1::int", params: ["x"] }]);
    expect(status).toBe(400);
    expect(Object.keys(error)).toEqual(errorKeys);
    expect(error).toMatchObject({ code: "22P02", message: 'invalid input syntax for type integer: "x"' });
  });

  it("is told when a statement takes longer than its role may", async () => {
    const { error } = await batch(database, ["set local statement_timeout = 20", "select pg_sleep(5)"]);
    expect(error).toMatchObject({ code: "57014", message: "canceling statement due to statement timeout" });
  });

  it("is told when the connection is terminated under it", async () => {
    expect(await failing("select pg_terminate_backend(pg_backend_pid())")).toMatchObject({
      code: "57P01",
      severity: "FATAL",
    });
  });
});
