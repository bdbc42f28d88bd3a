import { type Endpoint, type EndpointLimits, startEndpoint } from "./endpoint";
import { isPortFree } from "./ports";
import { type LocalPostgres, type PostgresOptions, startPostgres } from "./postgres";
import { readState, saveState } from "./saved-state";

export type LocalDatabaseOptions = Omit<PostgresOptions, "port"> & {
  pgPort?: number | undefined;
  httpPort?: number | undefined;
  limits?: Partial<EndpointLimits> | undefined;
};

export type LocalDatabase = {
  /** For DATABASE_URL: the owner's; the driver reaches it through the endpoint. */
  databaseUrl: string;
  /** For DATABASE_URL_UNPOOLED: the owner's, by TCP. */
  unpooledUrl: string;
  /** The superuser's, for tests and repairs. */
  superuserUrl: string;
  /** For NEON_HTTP_ENDPOINT. */
  endpoint: string;
  /** Settles when PostgreSQL has ended, whether by stop() or by itself. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts the local database: PostgreSQL and, in front of it, the endpoint that speaks Neon's protocol.
 *
 * @throws LocalDatabaseError with one sentence when it cannot be done; nothing is left running
 */
export async function startLocalDatabase(options: LocalDatabaseOptions): Promise<LocalDatabase> {
  const postgres = await startPostgres({ ...options, port: options.pgPort });
  try {
    const endpoint = await startRememberedEndpoint(postgres, options);
    return {
      databaseUrl: postgres.ownerUrl,
      unpooledUrl: postgres.ownerUrl,
      superuserUrl: postgres.superuserUrl,
      endpoint: endpoint.url,
      ended: postgres.ended,
      stop: async () => {
        await endpoint.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Takes the port of the last run again, so that an address written down somewhere stays true. */
async function startRememberedEndpoint(
  postgres: LocalPostgres,
  options: LocalDatabaseOptions,
): Promise<Endpoint> {
  const state = readState(postgres.folder.path);
  const saved = state?.httpPort;
  const last = saved !== undefined && (await isPortFree(saved)) ? saved : undefined;
  const endpoint = await startEndpoint({
    pgHost: "127.0.0.1",
    pgPort: postgres.port,
    port: options.httpPort ?? last,
    limits: options.limits,
  });
  if (state !== null && endpoint.port !== saved) {
    saveState(postgres.folder.path, { ...state, httpPort: endpoint.port });
  }
  return endpoint;
}
