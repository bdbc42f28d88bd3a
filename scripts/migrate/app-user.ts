import { Client, DatabaseError, escapeLiteral } from "pg";
import { appUserPassword } from "../../lib/db/app-password";
import type { Log } from "./lock";
import { MigrationError } from "./migration-error";

const ATTEMPTS_MAX = 10;

/**
 * Makes sure that app_user can sign in with the password derived from AUTH_SECRET. It is set only when it does not work:
 * the role belongs to the cluster, and other databases' migrations may be about to set the same.
 */
export async function ensureAppUserPassword(
  owner: Client,
  { url, authSecret, log }: { url: string; authSecret: string; log: Log },
): Promise<void> {
  const { rows } = await owner.query("select from pg_roles where rolname = 'app_user'");
  if (rows.length === 0) return; // Rolled back to before there was one, or a test's own migrations.
  const password = appUserPassword(authSecret);
  if (await canSignIn(url, password)) return;
  for (let attempt = 1; ; attempt += 1) {
    try {
      // In clear and not as a SCRAM verifier, because Neon's control plane keeps roles' passwords itself.
      await owner.query(`alter role app_user password ${escapeLiteral(password)}`);
      log("Set the password of the role app_user.");
      return;
    } catch (error) {
      const concurrent = error instanceof DatabaseError && error.message === "tuple concurrently updated";
      if (!concurrent || attempt === ATTEMPTS_MAX) {
        // Without its cause: that could carry the statement, and the password in it.
        const problem = error instanceof Error ? error.message.replaceAll(password, "…") : "unknown error";
        throw new MigrationError(`The password of the role app_user could not be set: ${problem}.`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt * (1 + Math.random())));
    }
  }
}

async function canSignIn(url: string, password: string): Promise<boolean> {
  const target = new URL(url);
  target.username = "app_user";
  target.password = password;
  const client = new Client({ connectionString: target.href, connectionTimeoutMillis: 15_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 28P01 a wrong password, 28000 none at all.
    if (error instanceof DatabaseError && (error.code === "28P01" || error.code === "28000")) return false;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}
