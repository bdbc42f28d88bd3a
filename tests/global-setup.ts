import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { eraseCluster, openDataFolder } from "../scripts/local/data-folder";
import { startLocalDatabase } from "../scripts/local/database";
import { migrateUp } from "../scripts/migrate/runner";

/** What the tests share: one local database for the whole run, in which each test file has its own database. */
export type TestServer = {
  /** The superuser's URL, for making and dropping databases. */
  superuserUrl: string;
  /** The owner's URL of the database `cairn`; a test database's differs in its path only. */
  ownerUrl: string;
  /** NEON_HTTP_ENDPOINT */
  endpoint: string;
  /** A migrated database that is copied for each test file. */
  template: string;
  authSecret: string;
};

declare module "vitest" {
  interface ProvidedContext {
    server: TestServer;
  }
}

/** Starts the local database before the first test and removes it, with its data, after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "cairn-test-"));
  const database = await startLocalDatabase({ dataDir, durable: false });
  const teardown = async () => {
    await database.stop();
    eraseCluster(openDataFolder(dataDir));
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const server: TestServer = {
      superuserUrl: database.superuserUrl,
      ownerUrl: database.unpooledUrl,
      endpoint: database.endpoint,
      template: "cairn_template",
      authSecret: "a secret for tests only, of no use anywhere else",
    };
    await makeTemplate(server);
    project.provide("server", server);
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}

async function makeTemplate(server: TestServer): Promise<void> {
  const client = new Client({ connectionString: server.superuserUrl });
  await client.connect();
  await client.query(`create database ${server.template} owner cairn_owner`);
  await client.end();

  const url = new URL(server.ownerUrl);
  url.pathname = `/${server.template}`;
  await migrateUp({ url: url.href, authSecret: server.authSecret });
}
