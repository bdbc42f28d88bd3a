import { type Json, JsonNumber, stringifyJson } from "./json";

/** JSON to PostgreSQL's text form and back, as the Neon proxy converts them. */

/** A parameter as PostgreSQL reads it: null is NULL, an array becomes an array literal, an object its JSON. */
export function parameterText(value: Json): string | null {
  if (value === null || typeof value === "string") return value;
  return Array.isArray(value) ? arrayLiteral(value) : stringifyJson(value);
}

function arrayLiteral(values: Json[]): string {
  const items = values.map((value) => {
    if (value === null) return "NULL";
    if (Array.isArray(value)) return arrayLiteral(value);
    const text = stringifyJson(value);
    // JSON's quoting of a string is also an array literal's; an object is quoted once more as a whole.
    return typeof value === "object" && !(value instanceof JsonNumber) ? JSON.stringify(text) : text;
  });
  return `{${items.join(",")}}`;
}

/** What the element type of an array type is; undefined for a type that is no array. */
export type ElementTypes = ReadonlyMap<number, number>;

const oid = { bool: 16, int2: 21, int4: 23, json: 114, float4: 700, float8: 701, jsonb: 3802 };

/** Types that are no arrays for sure, so that nobody has to ask the catalogue about them. */
export const plainTypes: ReadonlySet<number> = new Set([
  16, 17, 18, 19, 20, 21, 23, 25, 26, 114, 700, 701, 705, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1266,
  1700, 2950, 3802,
]);

/** A value of a result as JSON text, for clients that did not ask for raw text. */
export function resultJson(text: string, type: number, elements: ElementTypes): string {
  const element = elements.get(type);
  if (element !== undefined) return arrayJson(text, element, elements);
  switch (type) {
    case oid.bool:
      return text === "t" ? "true" : "false";
    case oid.int2:
    case oid.int4:
      return text;
    case oid.float4:
    case oid.float8: {
      const number = Number(text);
      return Number.isFinite(number) ? JSON.stringify(number) : JSON.stringify(text);
    }
    case oid.json:
    case oid.jsonb:
      return text;
    default:
      return JSON.stringify(text);
  }
}

/** Reads PostgreSQL's array text: `[2:3]={{1,NULL},{"a\"b",c}}`. Bounds have no place in JSON and are dropped. */
function arrayJson(text: string, element: number, elements: ElementTypes): string {
  let position = text.startsWith("[") ? text.indexOf("=") + 1 : 0;

  function list(): string {
    const items: string[] = [];
    position += 1; // "{"
    while (text[position] !== "}") {
      if (position >= text.length) throw new Error("could not parse postgres response");
      if (text[position] === ",") position += 1;
      items.push(item());
    }
    position += 1;
    return `[${items.join(",")}]`;
  }

  function item(): string {
    if (text[position] === "{") return list();
    if (text[position] === '"') return resultJson(quoted(), element, elements);
    const start = position;
    while (position < text.length && text[position] !== "," && text[position] !== "}") position += 1;
    const bare = text.slice(start, position);
    return bare === "NULL" ? "null" : resultJson(bare, element, elements);
  }

  function quoted(): string {
    let value = "";
    for (position += 1; text[position] !== '"'; position += 1) {
      if (position >= text.length) throw new Error("could not parse postgres response");
      if (text[position] === "\\") position += 1;
      value += text[position] ?? "";
    }
    position += 1;
    return value;
  }

  return list();
}
