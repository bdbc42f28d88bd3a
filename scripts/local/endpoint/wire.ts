import { type Socket, connect } from "node:net";
import { ScramClient } from "./scram";
import {
  MessageReader,
  MessageSplitter,
  cancelRequest,
  extendedQuery,
  maxParameters,
  password as passwordMessage,
  saslInitialResponse,
  saslResponse,
  simpleQuery,
  startup,
  terminate,
} from "./wire-messages";

/** An error that PostgreSQL itself reported. The keys are the protocol's one-letter field codes. */
export class PostgresError extends Error {
  override readonly name = "PostgresError";

  constructor(readonly fields: ReadonlyMap<string, string>) {
    super(fields.get("M") ?? "");
  }

  /** SQLSTATE. */
  get code(): string {
    return this.fields.get("C") ?? "";
  }
}

/** The connection to PostgreSQL could not be made, or broke. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

/** The statement could not be put into a message (a NUL in its text, too many parameters). */
export class EncodeError extends Error {
  override readonly name = "EncodeError";

  constructor() {
    super("error encoding message to server");
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

/** Where a connection stands after a statement: no transaction, in one, or in one that has failed. */
export type TransactionStatus = "I" | "T" | "E";

export type QueryHandler = {
  onFields?: (fields: Field[]) => void;
  /** What it throws becomes the query's error, and the rest of the rows is read past. */
  onRow?: (values: (string | null)[]) => void;
};

export type QueryEnd = { commandTag: string; status: TransactionStatus };

/** One statement under way. Replies come in the order of the requests, each ending with ReadyForQuery. */
type Exchange = {
  handler: QueryHandler;
  commandTag: string;
  error: unknown;
  resolve: (end: QueryEnd) => void;
  reject: (error: unknown) => void;
};

type PendingStartup = { resolve: () => void; reject: (error: unknown) => void; scram: ScramClient };

export type ConnectOptions = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  timeoutMs: number;
};

/**
 * A connection to PostgreSQL, no more than the endpoint needs: SCRAM, the extended protocol with everything as text,
 * and cancelling. Ours and not pg's because the endpoint must control each message (the unnamed statement even
 * without parameters, every field of an error, no settings from the environment).
 */
export class PostgresConnection {
  readonly #socket: Socket;
  readonly #exchanges: Exchange[] = [];
  #startup: PendingStartup | undefined;
  #processId = 0;
  #secretKey = 0;
  #failure: unknown;
  #closed = false;
  readonly closed: Promise<void>;

  private constructor(
    private readonly options: ConnectOptions,
    ready: { resolve: () => void; reject: (error: unknown) => void },
  ) {
    this.#startup = { ...ready, scram: new ScramClient(options.password) };
    this.#socket = connect({ host: options.host, port: options.port, noDelay: true, keepAlive: true });
    const splitter = new MessageSplitter((type, body) => this.#receive(type, body));
    this.#socket.on("data", (chunk) => {
      try {
        splitter.push(chunk);
      } catch (error) {
        this.#socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    this.#socket.once("connect", () => {
      const { user, database } = options;
      this.#socket.write(startup({ user, database, client_encoding: "UTF8" }));
    });
    this.#socket.on("error", (error) => (this.#failure ??= error));
    this.closed = new Promise((resolve) => {
      this.#socket.once("close", () => {
        this.#close();
        resolve();
      });
    });
  }

  /**
   * @throws PostgresError when PostgreSQL refuses (password, database, too many connections)
   * @throws ConnectionError when it cannot be reached
   */
  static async open(options: ConnectOptions): Promise<PostgresConnection> {
    let timer: NodeJS.Timeout | undefined;
    let connection: PostgresConnection | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        connection = new PostgresConnection(options, { resolve, reject });
        timer = setTimeout(() => reject(new ConnectionError("connection timed out")), options.timeoutMs);
      });
    } catch (error) {
      connection?.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
    if (connection === undefined) throw new ConnectionError("connection closed");
    return connection;
  }

  get isClosed(): boolean {
    return this.#closed || !this.#socket.writable;
  }

  /** Runs one statement by the extended protocol. */
  query(text: string, params: readonly (string | null)[], handler: QueryHandler = {}): Promise<QueryEnd> {
    if (text.includes("\0") || params.length > maxParameters) return Promise.reject(new EncodeError());
    return this.#send(extendedQuery(text, params), handler);
  }

  /** Runs statements by the simple protocol; for our own only, never for a client's. */
  simple(text: string): Promise<QueryEnd> {
    return this.#send(simpleQuery(text), {});
  }

  /** Asks PostgreSQL to cancel what this connection is doing; settles when it has taken the request. */
  cancel(): Promise<void> {
    return new Promise((resolve) => {
      const { host, port, timeoutMs } = this.options;
      const socket = connect({ host, port, timeout: timeoutMs });
      socket.once("connect", () => socket.write(cancelRequest(this.#processId, this.#secretKey)));
      socket.once("timeout", () => socket.destroy());
      socket.on("error", () => {}); // The caller discards a connection that does not answer.
      socket.once("close", () => resolve());
      socket.resume();
    });
  }

  /** Says goodbye and closes. */
  end(): void {
    if (!this.#socket.destroyed) this.#socket.end(terminate);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #send(message: Buffer, handler: QueryHandler): Promise<QueryEnd> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) {
        reject(new ConnectionError("connection closed"));
        return;
      }
      this.#exchanges.push({ handler, commandTag: "", error: undefined, resolve, reject });
      this.#socket.write(message);
    });
  }

  #close(): void {
    this.#closed = true;
    const failure = this.#failure instanceof PostgresError ? this.#failure : connectionClosed(this.#failure);
    this.#startup?.reject(failure);
    this.#startup = undefined;
    for (const exchange of this.#exchanges.splice(0)) exchange.reject(exchange.error ?? failure);
  }

  #receive(type: string, body: Buffer): void {
    if (this.#startup !== undefined) this.#receiveStartup(type, body, this.#startup);
    else this.#receiveReply(type, body);
  }

  #receiveStartup(type: string, body: Buffer, pending: PendingStartup): void {
    const reader = new MessageReader(body);
    switch (type) {
      case "R":
        this.#authenticate(reader, pending.scram);
        break;
      case "K":
        this.#processId = reader.int32();
        this.#secretKey = reader.int32();
        break;
      case "Z":
        this.#startup = undefined;
        pending.resolve();
        break;
      case "E":
        this.#startup = undefined;
        pending.reject(readError(reader));
        break;
      default: // ParameterStatus, NoticeResponse, NegotiateProtocolVersion
    }
  }

  #authenticate(reader: MessageReader, scram: ScramClient): void {
    const request = reader.int32();
    switch (request) {
      case 0: // Ok
        break;
      case 3: // CleartextPassword
        this.#socket.write(passwordMessage(this.options.password));
        break;
      case 10: // SASL
        this.#socket.write(saslInitialResponse("SCRAM-SHA-256", scram.firstMessage));
        break;
      case 11: // SASLContinue
        scram.respond(reader.rest()).then(
          (response) => this.#socket.write(saslResponse(response)),
          (error: unknown) => this.#socket.destroy(error instanceof Error ? error : new Error(String(error))),
        );
        break;
      case 12: // SASLFinal
        scram.verify(reader.rest());
        break;
      default:
        throw new Error(
          `PostgreSQL asks for authentication method ${request}, which the endpoint does not know.`,
        );
    }
  }

  #receiveReply(type: string, body: Buffer): void {
    const reader = new MessageReader(body);
    const exchange = this.#exchanges[0];
    if (exchange === undefined) {
      // Between statements only a farewell counts: "terminating connection due to administrator command".
      if (type === "E") this.#failure = readError(reader);
      return;
    }
    switch (type) {
      case "T":
        exchange.handler.onFields?.(readFields(reader));
        break;
      case "D":
        if (exchange.error === undefined) this.#deliverRow(reader, exchange);
        break;
      case "C":
        exchange.commandTag = reader.cString();
        break;
      case "E":
        exchange.error ??= readError(reader);
        break;
      case "G": // CopyInResponse
      case "H": // CopyOutResponse
      case "W": // CopyBothResponse
        // There is no way back from a copy but to go through with it.
        exchange.error ??= new ConnectionError("unexpected message from server");
        this.#socket.destroy();
        break;
      case "Z": {
        this.#exchanges.shift();
        const status = reader.text(1);
        if (exchange.error !== undefined) exchange.reject(exchange.error);
        else
          exchange.resolve({
            commandTag: exchange.commandTag,
            status: status === "I" || status === "T" ? status : "E",
          });
        break;
      }
      default: // ParseComplete, BindComplete, ParameterDescription, NoData, EmptyQueryResponse, notices …
    }
  }

  #deliverRow(reader: MessageReader, exchange: Exchange): void {
    if (exchange.handler.onRow === undefined) return;
    const values: (string | null)[] = [];
    for (let count = reader.int16(); count > 0; count -= 1) {
      const length = reader.int32();
      values.push(length === -1 ? null : reader.text(length));
    }
    try {
      exchange.handler.onRow(values);
    } catch (error) {
      exchange.error = error;
    }
  }
}

function connectionClosed(cause: unknown): ConnectionError {
  return new ConnectionError("connection closed", { cause });
}

function readFields(reader: MessageReader): Field[] {
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

function readError(reader: MessageReader): PostgresError {
  const fields = new Map<string, string>();
  for (let code = reader.text(1); code !== "\0" && code !== ""; code = reader.text(1))
    fields.set(code, reader.cString());
  return new PostgresError(fields);
}
