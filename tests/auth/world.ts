import { signUpPerson } from "@/lib/auth/sign-up";
import type { System } from "@/lib/auth/system";
import { hashToken } from "@/lib/auth/token";
import { openAppDatabases, openSystemDatabase } from "@/lib/db/client";
import { Refused } from "@/lib/db/errors";
import { createScope, type RequestContext } from "@/lib/db/scope";
import { startCountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase } from "../helpers/database";

/** A database of the test file's own behind a counting proxy, and what signing in needs of it. */
export async function openWorld() {
  const database = await createTestDatabase();
  const proxy = await startCountingProxy(database.endpoint);
  const connection = { databaseUrl: database.databaseUrl, endpoint: proxy.url };
  const system: System = { db: openSystemDatabase(connection), secret: database.authSecret };
  const app = openAppDatabases({ ...connection, authSecret: database.authSecret });
  let people = 0;

  return {
    database,
    proxy,
    system,
    app,
    /** Signs up somebody new, from an address of their own. */
    async person(more: { email?: string; password?: string; timeZone?: string } = {}) {
      people += 1;
      const email = more.email ?? `person-${people}@cairn.example`;
      const password = more.password ?? `the password of person ${people}`;
      const result = await signUpPerson(
        system,
        { name: `Person ${people}`, email, password, timeZone: more.timeZone },
        request(`198.51.100.${people}`),
      );
      if (!result.ok) throw new Error(result.code);
      return { email, password, token: result.data.token };
    },
    /** What the next request with this cookie meets: the person, or the reason why not. */
    async enter(token: string) {
      const scope = createScope({ databases: app, tokenHash: hashToken(token), context: request() });
      return scope.actor().catch((error: unknown) => {
        if (error instanceof Refused) return error.failure.code;
        throw error;
      });
    },
    async close() {
      await proxy.stop();
      await database.drop();
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Where a request comes from. */
export function request(ip = "192.0.2.1"): RequestContext {
  return { now: new Date(), ip, userAgent: "a browser" };
}
