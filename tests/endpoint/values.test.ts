import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { batch, firstRow, post, proxyError, single } from "../helpers/endpoint-client";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql("create type mood as enum ('sad', 'so so', 'happy')");
});
afterAll(() => database.drop());

const raw = { "Neon-Raw-Text-Output": "true" };
const arrays = { "Neon-Array-Mode": "true" };

describe("parameters", () => {
  it.each([
    ["null", null],
    ['"it\'s \\"quoted\\""', `it's "quoted"`],
    ['""', ""],
    ['"👩🏽‍🚀 \\u202ertl"', "👩🏽‍🚀 \u202ertl"],
    ["true", "true"],
    ["42", "42"],
    ["-0", "-0.0"],
    ["12345678901234567890", "12345678901234567890"],
    ["-9223372036854775808", "-9223372036854775808"],
    ["1.50", "1.5"],
    ["1.0", "1.0"],
    ["1e3", "1000.0"],
    ["1E+21", "1e21"],
    ["0.0000001", "1e-7"],
    ['{"a" : [1, "b", null, 1.0]}', '{"a":[1,"b",null,1.0]}'],
    ["[]", "{}"],
    ["[1, null, true]", "{1,NULL,true}"],
    ['["a", "NULL", "b\\"\\\\c", "{,}"]', '{"a","NULL","b\\"\\\\c","{,}"}'],
    ["[[1, 2], [3, 4]]", "{{1,2},{3,4}}"],
    ['[{"a": "b"}]', '{"{\\"a\\":\\"b\\"}"}'],
  ])("%s travels as the text %j", async (json, text) => {
    const answer = await post(database, `{"query":"select $1::text as value","params":[${json}]}`);
    expect(answer.result.rows).toEqual([{ value: text }]);
  });

  it("of arrays arrive as PostgreSQL reads them", async () => {
    const params = [["a", null, 'b"\\', "NULL", "{}"], [{ a: 1 }]];
    const row = await firstRow(database, "select $1::text[] as texts, $2::jsonb[] as objects", params);
    expect(row).toEqual({ texts: params[0], objects: params[1] });
  });

  it("get their type from the statement alone", async () => {
    const { result } = await single(database, "select $1 as a, $2 * 1 as b, $3::date as c", [
      "x",
      "2",
      "2026-02-28",
    ]);
    expect(result.fields.map((field) => field.dataTypeID)).toEqual([25, 23, 1082]); // text, int4, date
    expect((await single(database, "select $1 is null", ["x"])).error).toMatchObject({ code: "42P18" });
  });

  it("must be as many as the statement has", async () => {
    for (const params of [[], ["1", "2"]]) {
      const { status, error } = await single(database, "select $1::int", params);
      expect(status).toBe(400);
      expect(error).toMatchObject({
        code: "08P01",
        message: `bind message supplies ${params.length} parameters, but prepared statement "" requires 1`,
      });
    }
  });

  it("can be no more than the protocol counts, nor hold a NUL", async () => {
    const params = Array.from({ length: 65_536 }, () => "1");
    const tooMany = await single(database, "select 1", params);
    expect([tooMany.status, tooMany.error]).toEqual([400, proxyError("error encoding message to server")]);
    expect((await single(database, "select $1", ["a\0b"])).error).toMatchObject({ code: "22021" });
    const inText = await single(database, "select 'a\0b'");
    expect(inText.error).toEqual(proxyError("error encoding message to server"));
  });
});

describe("a statement", () => {
  it("is one, also without parameters", async () => {
    const { status, error } = await single(database, "select 1; select 2");
    expect(status).toBe(400);
    expect(error).toMatchObject({
      code: "42601",
      message: "cannot insert multiple commands into a prepared statement",
    });
  });

  it("may be empty", async () => {
    const { status, result } = await single(database, "-- nothing");
    expect(status).toBe(200);
    expect(result).toEqual({ rowAsArray: false, fields: [], rows: [], command: "", rowCount: null });
  });

  it("cannot copy, and the next one works all the same", async () => {
    await database.sql("create table copied (a int)");
    for (const copy of ["copy (select 1) to stdout", "copy copied from stdin"]) {
      expect((await single(database, copy)).status).toBe(400);
    }
    expect(await firstRow(database, "select 1 as one")).toEqual({ one: 1 });
  });
});

describe("rows", () => {
  it("are objects, or arrays for the whole request, or for one statement of it", async () => {
    const query = "select 1 as a, 2 as b";
    expect((await single(database, query)).result).toMatchObject({
      rows: [{ a: 1, b: 2 }],
      rowAsArray: false,
    });
    expect((await single(database, query, [], arrays)).result).toMatchObject({
      rows: [[1, 2]],
      rowAsArray: true,
    });
    const queries = [{ query }, { query, arrayMode: false }, { query, arrayMode: true }];
    const rows = async (headers: Record<string, string>) =>
      (await batch(database, queries, headers)).results.map((result) => result.rows[0]);
    expect(await rows({})).toEqual([{ a: 1, b: 2 }, { a: 1, b: 2 }, [1, 2]]);
    expect(await rows(arrays)).toEqual([[1, 2], { a: 1, b: 2 }, [1, 2]]);
  });

  it("change their form only for the exact word true", async () => {
    for (const value of ["True", "1", "yes", "false"]) {
      const headers = { "Neon-Array-Mode": value, "Neon-Raw-Text-Output": value };
      expect(await firstRow(database, "select 1 as a", [], headers)).toEqual({ a: 1 });
    }
  });

  it("keep columns of the same name apart in arrays", async () => {
    expect(await firstRow(database, "select 1 as a, 2 as a", [], arrays)).toEqual([1, 2]);
  });

  it("may be many and large", async () => {
    const { result } = await single(
      database,
      "select n, repeat('ä', 1000) as t from generate_series(1, 5000) n",
    );
    expect(result.rows).toHaveLength(5000);
    expect(result.rows[4999]).toEqual({ n: 5000, t: "ä".repeat(1000) });
    const [large] = (await single(database, "select repeat('x', 5000000)", [], arrays)).result.rows;
    expect(large).toEqual(["x".repeat(5_000_000)]);
  });

  it("come with their columns' origin and type", async () => {
    await database.sql("create table origin (id int primary key, name varchar(10), price numeric(8, 2))");
    const [table] = await database.sql<{ oid: number }>("select 'origin'::regclass::oid::int as oid");
    const { result } = await single(database, "select name, price, id, id + 1 as next from origin");
    const column = (name: string, dataTypeID: number, columnID: number, size: number, modifier: number) => ({
      name,
      dataTypeID,
      tableID: columnID === 0 ? 0 : table?.oid,
      columnID,
      dataTypeSize: size,
      dataTypeModifier: modifier,
      format: "text",
    });
    expect(result.fields).toEqual([
      column("name", 1043, 2, -1, 14),
      column("price", 1700, 3, -1, 524_294),
      column("id", 23, 1, 4, -1),
      column("next", 23, 0, 4, -1),
    ]);
  });
});

describe("a statement's tag", () => {
  it.each([
    ["create table tag (a int)", "CREATE", null],
    ["insert into tag values (1), (2), (3)", "INSERT", 3],
    ["update tag set a = a + 1 where a > 1", "UPDATE", 2],
    ["select * from tag", "SELECT", 3],
    ["delete from tag where a = 0", "DELETE", 0],
    ["merge into tag using (values (1)) v (a) on tag.a = v.a when matched then delete", "MERGE", 1],
    ["set application_name = 'x'", "SET", null],
    ["values (1), (2)", "SELECT", 2],
    ["do $$ begin end $$", "DO", null],
    ["drop table tag", "DROP", null],
  ])("of %s is %s with count %s", async (query, command, rowCount) => {
    expect((await single(database, query)).result).toMatchObject({ command, rowCount });
  });
});

describe("values of an answer", () => {
  const id = "550e8400-e29b-41d4-a716-446655440000";
  const cases: [sql: string, text: string | null, json: unknown][] = [
    ["null::int", null, null],
    ["true", "t", true],
    ["false", "f", false],
    ["'-7'::int2", "-7", -7],
    ["2147483647", "2147483647", 2_147_483_647],
    ["9007199254740993", "9007199254740993", "9007199254740993"],
    ["1.50::numeric", "1.50", "1.50"],
    ["1.5::float4", "1.5", 1.5],
    ["1e300::float8", "1e+300", 1e300],
    ["'NaN'::float8", "NaN", "NaN"],
    ["'-Infinity'::float4", "-Infinity", "-Infinity"],
    ["'x\"y'::text", 'x"y', 'x"y'],
    ["'🪨'::text", "🪨", "🪨"],
    ["date '2026-02-28'", "2026-02-28", "2026-02-28"],
    [
      "timestamptz '2026-02-28 12:00:00.123456Z'",
      "2026-02-28 12:00:00.123456+00",
      "2026-02-28 12:00:00.123456+00",
    ],
    [`'${id}'::uuid`, id, id],
    ["'\\xdeadbeef'::bytea", "\\xdeadbeef", "\\xdeadbeef"],
    [`'{"a": [1, 2.50]}'::json`, '{"a": [1, 2.50]}', { a: [1, 2.5] }],
    [`'null'::jsonb`, "null", null],
    ["'so so'::mood", "so so", "so so"],
    ["array[1, null, 3]", "{1,NULL,3}", [1, null, 3]],
    [
      "array[[1, 2], [3, 4]]::int8[]",
      "{{1,2},{3,4}}",
      [
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    ["'[2:3]={5,6}'::int[]", "[2:3]={5,6}", [5, 6]],
    ["'{}'::int[]", "{}", []],
    ["array[true, false]", "{t,f}", [true, false]],
    [
      `array['a b', 'NULL', 'c"\\d', '', null, '{,}']`,
      `{"a b","NULL","c\\"\\\\d","",NULL,"{,}"}`,
      ["a b", "NULL", 'c"\\d', "", null, "{,}"],
    ],
    ["array['sad', 'so so']::mood[]", '{sad,"so so"}', ["sad", "so so"]],
    [`array['{"a": "b"}', '[1]']::jsonb[]`, `{"{\\"a\\": \\"b\\"}",[1]}`, [{ a: "b" }, [1]]],
    ["array[1.5, 'NaN']::float8[]", "{1.5,NaN}", [1.5, "NaN"]],
    ["'1 2'::int2vector", "1 2", "1 2"],
    ["point(1, 2)", "(1,2)", "(1,2)"],
    ["row(1, 'x')", "(1,x)", "(1,x)"],
  ];

  it.each(cases)("%s is %j as raw text", async (expression, text) => {
    expect(await firstRow(database, `select ${expression}`, [], { ...raw, ...arrays })).toEqual([text]);
  });

  it.each(cases)("%s is, without raw text (%j), the JSON %j", async (expression, _, json) => {
    expect(await firstRow(database, `select ${expression}`, [], arrays)).toEqual([json]);
  });

  it("of types made in the same batch are known", async () => {
    const { results } = await batch(database, [
      "create type colour as enum ('red', 'green')",
      { query: "select array['red', 'green']::colour[] as colours, 'x'::text as t" },
      "drop type colour",
    ]);
    expect(results[1]?.rows).toEqual([{ colours: ["red", "green"], t: "x" }]);
  });

  it("keep the digits of JSON numbers", async () => {
    const { text } = await single(database, "select '{\"big\": 12345678901234567890}'::json as j");
    expect(text).toContain('"rows":[{"j":{"big": 12345678901234567890}}]');
  });
});
