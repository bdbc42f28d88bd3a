import { createHmac, randomBytes } from "node:crypto";
import { ProxyError } from "./failure";
import type { Credentials } from "./request";
import { PostgresConnection, type TransactionStatus } from "./wire";

export type PoolOptions = {
  host: string;
  port: number;
  /** Connections kept open between requests, over all databases and roles. */
  maxIdle: number;
  /** Connections open at all; further requests wait for one. */
  maxOpen: number;
  idleTimeoutMs: number;
  /** For opening a connection, and for waiting until one may be opened. */
  connectTimeoutMs: number;
};

/** A connection for one request. Exactly one of the two functions is called at its end. */
export type Lease = {
  connection: PostgresConnection;
  /** Gives it back to the pool, cleaned. One that is still in a transaction is closed instead. */
  release: (status: TransactionStatus) => void;
  /** Closes it: its state is not to be trusted. */
  discard: () => void;
};

/** What the Neon proxy sends before a connection serves somebody else. */
const resetSession =
  "ROLLBACK; CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; UNLISTEN *; " +
  "SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES;";

type IdleConnection = {
  connection: PostgresConnection;
  identity: string;
  credentials: Credentials;
  timer: NodeJS.Timeout;
  /** False when the session could not be cleaned. */
  cleaned: Promise<boolean>;
};

/** Connections by database, role and password, so that each was let in by PostgreSQL with the same credentials. */
export class ConnectionPool {
  readonly #passwordSalt = randomBytes(32);
  /** The most recently used last. */
  readonly #idle: IdleConnection[] = [];
  readonly #all = new Set<PostgresConnection>();
  readonly #waiting: (() => void)[] = [];
  /** Connections open or being opened. */
  #open = 0;
  #stopped = false;

  constructor(private readonly options: PoolOptions) {}

  /** @throws what PostgresConnection.open throws, and ProxyError when no connection became free in time */
  async acquire(credentials: Credentials): Promise<Lease> {
    const identity = this.#identify(credentials);
    const deadline = Date.now() + this.options.connectTimeoutMs;
    for (;;) {
      const idle = this.#takeIdle((candidate) => candidate.identity === identity);
      if (idle !== undefined) {
        if ((await idle.cleaned) && !idle.connection.isClosed)
          return this.#lease(idle.connection, identity, credentials);
        idle.connection.destroy();
        continue;
      }
      if (this.#open < this.options.maxOpen) {
        return this.#lease(await this.#connect(credentials, identity), identity, credentials);
      }
      const spare = this.#takeIdle(() => true);
      if (spare === undefined) await this.#waitForChange(deadline);
      else await this.#close(spare.connection);
    }
  }

  /** Closes every connection. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const idle of this.#idle.splice(0)) clearTimeout(idle.timer);
    await Promise.all([...this.#all].map((connection) => this.#close(connection)));
  }

  async #connect(credentials: Credentials, identity: string): Promise<PostgresConnection> {
    this.#open += 1;
    const { host, port, connectTimeoutMs: timeoutMs } = this.options;
    try {
      const connection = await PostgresConnection.open({ host, port, timeoutMs, ...credentials });
      this.#all.add(connection);
      void connection.closed.then(() => this.#forget(connection));
      this.#dropOtherPasswords(credentials, identity);
      return connection;
    } catch (error) {
      this.#open -= 1;
      this.#waiting.shift()?.();
      throw error;
    }
  }

  #forget(connection: PostgresConnection): void {
    const index = this.#idle.findIndex((idle) => idle.connection === connection);
    if (index !== -1) clearTimeout(this.#idle.splice(index, 1)[0]?.timer);
    if (this.#all.delete(connection)) this.#open -= 1;
    this.#waiting.shift()?.();
  }

  #close(connection: PostgresConnection): Promise<void> {
    connection.end();
    const timer = setTimeout(() => connection.destroy(), 2000);
    return connection.closed.finally(() => clearTimeout(timer));
  }

  #lease(connection: PostgresConnection, identity: string, credentials: Credentials): Lease {
    return {
      connection,
      discard: () => void this.#close(connection),
      release: (status) => {
        if (
          status !== "I" ||
          connection.isClosed ||
          this.#stopped ||
          this.#idle.length >= this.options.maxIdle
        ) {
          void this.#close(connection);
          return;
        }
        const cleaned = connection.simple(resetSession).then(
          () => true,
          () => false,
        );
        const timer = setTimeout(() => connection.end(), this.options.idleTimeoutMs);
        timer.unref();
        this.#idle.push({ connection, identity, credentials, timer, cleaned });
        this.#waiting.shift()?.();
      },
    };
  }

  #takeIdle(matches: (idle: IdleConnection) => boolean): IdleConnection | undefined {
    const index = this.#idle.findLastIndex(matches);
    const [idle] = index === -1 ? [] : this.#idle.splice(index, 1);
    clearTimeout(idle?.timer);
    return idle;
  }

  /** PostgreSQL has just taken this password: connections let in with another one are no longer this role's. */
  #dropOtherPasswords({ user }: Credentials, identity: string): void {
    const role = identity.split(" ")[0];
    for (const idle of this.#idle.filter(({ credentials }) => credentials.user === user)) {
      if (idle.identity.split(" ")[0] !== role) idle.connection.end();
    }
  }

  /** The password goes in only as a keyed hash; the key lives as long as the pool. */
  #identify({ user, password, database }: Credentials): string {
    const hash = createHmac("sha256", this.#passwordSalt)
      .update(JSON.stringify([user, password]))
      .digest("base64");
    return `${hash} ${database}`;
  }

  #waitForChange(deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(wake), 1);
        reject(
          new ProxyError(
            500,
            "Failed to acquire permit to connect to the database. Too many database connection attempts are currently ongoing.",
          ),
        );
      }, deadline - Date.now());
      this.#waiting.push(wake);
    });
  }
}
