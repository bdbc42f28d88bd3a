import { PostgresError } from "./wire-errors";

/**
 * PostgreSQL's wire protocol 3.0: the few messages that the endpoint sends and reads.
 * https://www.postgresql.org/docs/17/protocol-message-formats.html
 */

/** A message with its type byte and its length, which counts itself but not the type. */
function message(type: string, ...parts: Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  return Buffer.concat([Buffer.from(type, "latin1"), int32(length), ...parts]);
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`, "utf8");
}

export function startup(parameters: Record<string, string>): Buffer {
  const pairs = Object.entries(parameters).flatMap(([name, value]) => [cString(name), cString(value)]);
  const body = Buffer.concat([int32(196_608), ...pairs, Buffer.alloc(1)]);
  return Buffer.concat([int32(body.length + 4), body]);
}

export function cancelRequest(processId: number, secretKey: number): Buffer {
  return Buffer.concat([int32(16), int32(80_877_102), int32(processId), int32(secretKey)]);
}

export function password(text: string): Buffer {
  return message("p", cString(text));
}

export function saslInitialResponse(mechanism: string, response: string): Buffer {
  const body = Buffer.from(response, "utf8");
  return message("p", cString(mechanism), int32(body.length), body);
}

export function saslResponse(response: string): Buffer {
  return message("p", Buffer.from(response, "utf8"));
}

/** The simple protocol: may hold several statements, takes no parameters. */
export function simpleQuery(text: string): Buffer {
  return message("Q", cString(text));
}

/** PostgreSQL counts parameters in 16 bits. */
export const maxParameters = 65_535;

/**
 * One statement by the extended protocol: unnamed statement and portal, no parameter types given, parameters and
 * results as text. PostgreSQL answers when it is told to `sync`; after an error it skips whatever comes before that.
 */
export function extendedQuery(text: string, params: readonly (string | null)[]): Buffer {
  const values = params.flatMap((param) => {
    if (param === null) return [int32(-1)];
    const bytes = Buffer.from(param, "utf8");
    return [int32(bytes.length), bytes];
  });
  return Buffer.concat([
    message("P", cString(""), cString(text), int16(0)),
    message("D", Buffer.from("S"), cString("")),
    message("B", cString(""), cString(""), int16(0), int16(params.length), ...values, int16(1), int16(0)),
    message("E", cString(""), int32(0)),
  ]);
}

export const sync: Buffer = message("S");

export const terminate: Buffer = message("X");

/** Reads the fields of one message's body in order. */
export class MessageReader {
  #offset = 0;

  constructor(private readonly body: Buffer) {}

  int16(): number {
    this.#offset += 2;
    return this.body.readInt16BE(this.#offset - 2);
  }

  int32(): number {
    this.#offset += 4;
    return this.body.readInt32BE(this.#offset - 4);
  }

  uint32(): number {
    this.#offset += 4;
    return this.body.readUInt32BE(this.#offset - 4);
  }

  cString(): string {
    const end = this.body.indexOf(0, this.#offset);
    const text = this.body.toString("utf8", this.#offset, end);
    this.#offset = end + 1;
    return text;
  }

  text(length: number): string {
    this.#offset += length;
    return this.body.toString("utf8", this.#offset - length, this.#offset);
  }

  rest(): string {
    return this.body.toString("utf8", this.#offset);
  }
}

export type Field = {
  name: string;
  dataTypeID: number;
  tableID: number;
  columnID: number;
  dataTypeSize: number;
  dataTypeModifier: number;
};

/** RowDescription. */
export function readFields(reader: MessageReader): Field[] {
  return Array.from({ length: reader.int16() }, () => {
    const name = reader.cString();
    const tableID = reader.uint32();
    const columnID = reader.int16();
    const dataTypeID = reader.uint32();
    const dataTypeSize = reader.int16();
    const dataTypeModifier = reader.int32();
    reader.int16(); // format
    return { name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier };
  });
}

/** ErrorResponse. */
export function readError(reader: MessageReader): PostgresError {
  const fields = new Map<string, string>();
  for (let code = reader.text(1); code !== "\0" && code !== ""; code = reader.text(1))
    fields.set(code, reader.cString());
  return new PostgresError(fields);
}

/** Cuts the stream of bytes into messages, whatever pieces it arrives in. */
export class MessageSplitter {
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes to wait for before there is anything to cut; a large row is not copied again for each piece of it. */
  #needed = 5;

  constructor(private readonly onMessage: (type: string, body: Buffer) => void) {}

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return;

    const data = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#size);
    let offset = 0;
    this.#needed = 5;
    while (data.length - offset >= 5) {
      const length = data.readInt32BE(offset + 1) + 1;
      if (data.length - offset < length) {
        this.#needed = length;
        break;
      }
      this.onMessage(data.toString("latin1", offset, offset + 1), data.subarray(offset + 5, offset + length));
      offset += length;
    }
    this.#chunks = offset === data.length ? [] : [data.subarray(offset)];
    this.#size = data.length - offset;
  }
}
