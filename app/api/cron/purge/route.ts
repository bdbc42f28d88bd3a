import { createHash, timingSafeEqual } from "node:crypto";
import { env } from "@/lib/env";
import { purgedLine, purgeNow } from "@/lib/jobs/purge";

/**
 * What Vercel Cron calls every night (vercel.json), with CRON_SECRET as its bearer token. There is no such address when
 * no secret is set.
 */
export async function GET(request: Request): Promise<Response> {
  const secret = env().CRON_SECRET;
  if (secret === undefined) return new Response(null, { status: 404 });
  if (!isSame(request.headers.get("authorization") ?? "", `Bearer ${secret}`)) {
    return new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } });
  }
  const purged = await purgeNow();
  console.log(purgedLine(purged));
  return Response.json(purged, { headers: { "cache-control": "no-store" } });
}

export const dynamic = "force-dynamic";
/** Seconds. */
export const maxDuration = 60;

/** Takes the same time wherever the two begin to differ. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
