import type { Database } from "../db/client";
import { memberships, organizations } from "../db/schema/organizations";

/**
 * The statements that make a person's personal organization and make them its owner. Sign-up puts them into the batch
 * that writes the user, after it: there is never a person without a place for their todos.
 * @param name the person's name, which becomes the organization's
 */
export function personalOrganizationStatements(
  db: Database,
  person: { userId: string; name: string; organizationId: string; membershipId: string },
) {
  const { userId, name, organizationId, membershipId } = person;
  return [
    db.insert(organizations).values({ id: organizationId, name, personalUserId: userId }),
    db.insert(memberships).values({ id: membershipId, organizationId, userId, role: "owner" }),
  ] as const;
}
