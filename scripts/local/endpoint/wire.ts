import { type Socket, connect } from "node:net";
import { ScramClient } from "./scram";
import { ConnectionError, EncodeError, PostgresError } from "./wire-errors";
import {
  type Field,
  MessageReader,
  MessageSplitter,
  cancelRequest,
  extendedQuery,
  maxParameters,
  password as passwordMessage,
  readError,
  readFields,
  saslInitialResponse,
  saslResponse,
  simpleQuery,
  startup,
  sync,
  terminate,
} from "./wire-messages";

/** Where a connection stands after a statement: no transaction, in one, or in one that has failed. */
export type TransactionStatus = "I" | "T" | "E";

export type QueryHandler = {
  onFields?: (fields: Field[]) => void;
  /** What it throws becomes the query's error, and the rest of the rows is read past. */
  onRow?: (values: (string | null)[]) => void;
};

export type Statement = { text: string; params: readonly (string | null)[]; handler?: QueryHandler };

/** The command tags of statements in their order, and where the connection stands after the last. */
export type QueryEnd = { commandTags: string[]; status: TransactionStatus };

/**
 * Statements under way together. Replies come in the order of the requests: a command tag ends a statement, and
 * ReadyForQuery ends them all.
 */
type Exchange = {
  handlers: readonly (QueryHandler | undefined)[];
  commandTags: string[];
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

  /**
   * Runs statements by the extended protocol, one after the other, all sent at once; after one that fails no other is
   * run. Without BEGIN they are one transaction.
   */
  query(statements: readonly Statement[]): Promise<QueryEnd> {
    const wrong = ({ text, params }: Statement) => text.includes("\0") || params.length > maxParameters;
    if (statements.some(wrong)) return Promise.reject(new EncodeError());
    return this.#send(
      Buffer.concat([...statements.map(({ text, params }) => extendedQuery(text, params)), sync]),
      statements.map(({ handler }) => handler),
    );
  }

  /** Runs statements by the simple protocol; for our own only, never for a client's. */
  simple(text: string): Promise<QueryEnd> {
    return this.#send(simpleQuery(text), []);
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

  #send(message: Buffer, handlers: Exchange["handlers"]): Promise<QueryEnd> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) {
        reject(new ConnectionError("connection closed"));
        return;
      }
      this.#exchanges.push({ handlers, commandTags: [], error: undefined, resolve, reject });
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
    const handler = exchange.handlers[exchange.commandTags.length];
    switch (type) {
      case "T":
        handler?.onFields?.(readFields(reader));
        break;
      case "D":
        if (exchange.error === undefined) this.#deliverRow(reader, exchange, handler);
        break;
      case "C":
        exchange.commandTags.push(reader.cString());
        break;
      case "I": // EmptyQueryResponse
        exchange.commandTags.push("");
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
            commandTags: exchange.commandTags,
            status: status === "I" || status === "T" ? status : "E",
          });
        break;
      }
      default: // ParseComplete, BindComplete, ParameterDescription, NoData, notices …
    }
  }

  #deliverRow(reader: MessageReader, exchange: Exchange, handler: QueryHandler | undefined): void {
    if (handler?.onRow === undefined) return;
    const values: (string | null)[] = [];
    for (let count = reader.int16(); count > 0; count -= 1) {
      const length = reader.int32();
      values.push(length === -1 ? null : reader.text(length));
    }
    try {
      handler.onRow(values);
    } catch (error) {
      exchange.error = error;
    }
  }
}

function connectionClosed(cause: unknown): ConnectionError {
  return new ConnectionError("connection closed", { cause });
}
