import { databaseAnswers } from "@/lib/db/health";

/** Whether Cairn can do its work: 200 when its database answers, 503 when it does not. Says no more to anybody. */
export async function GET() {
  const ok = await databaseAnswers();
  return Response.json({ ok }, { status: ok ? 200 : 503, headers: { "cache-control": "no-store" } });
}

export const dynamic = "force-dynamic";
