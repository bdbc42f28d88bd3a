import type { Changes } from "../db/schema/audit-logs";

/** One thing that somebody did, as the audit log remembers it. */
export type ActivityEntry = {
  id: string;
  at: Date;
  /** Null when Cairn itself did it, or when whoever did it can no longer be seen. */
  actorName: string | null;
  /** Whether the person who asks did it. */
  mine: boolean;
  /** "todo", "tag", "user", "session", "account", "organization" or "membership". A todo's tags count as the todo's. */
  entityType: string;
  entityId: string;
  /** What the todo, tag or organization is called now; when it is gone, what it was called last. */
  title: string | null;
  /** What was done; lib/audit/describe.ts puts each into words. */
  action: string;
  changes: Changes;
};
