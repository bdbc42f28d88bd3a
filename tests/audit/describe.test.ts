import { describe, expect, it } from "vitest";
import { describeEntry } from "@/lib/audit/describe";
import type { Changes } from "@/lib/db/schema/audit-logs";

function sentence(
  entityType: string,
  action: string,
  changes: Changes = {},
  { title = "Buy milk" as string | null, subject = true } = {},
) {
  return describeEntry(
    { entityType, action, changes, title, at: new Date("2026-12-02T10:00:00Z") },
    { subject },
  );
}

describe("describeEntry of a todo", () => {
  it.each([
    ["create", "Added “Buy milk”", "Added"],
    ["start", "Started “Buy milk”", "Started"],
    ["complete", "Completed “Buy milk”", "Completed"],
    ["reopen", "Reopened “Buy milk”", "Reopened"],
    ["cancel", "Cancelled “Buy milk”", "Cancelled"],
    ["delete", "Moved “Buy milk” to the trash", "Moved to the trash"],
    ["restore", "Restored “Buy milk” from the trash", "Restored from the trash"],
    ["purge", "Deleted “Buy milk” for ever", "Deleted for ever"],
  ])("says %s with and without its title", (action, withTitle, without) => {
    expect(sentence("todo", action)).toBe(withTitle);
    expect(sentence("todo", action, {}, { subject: false })).toBe(without);
  });

  it.each([
    [{ user_id: ["a", "b"] }, "Handed “Buy milk” to someone else"],
    [{ organization_id: ["a", "b"] }, "Moved “Buy milk” to another organization"],
    [{ user_id: ["a", "b"], organization_id: ["a", "b"] }, "Handed “Buy milk” to someone else"],
  ] satisfies [Changes, string][])("says to whom it went: %j", (changes, expected) => {
    expect(sentence("todo", "transfer", changes)).toBe(expected);
  });

  it("says so to the others whose history it is in, too", () => {
    const changes: Changes = { user_id: ["a", "b"] };
    expect(sentence("todo", "receive", changes)).toBe("Received “Buy milk” from someone else");
    expect(sentence("todo", "receive", changes, { subject: false })).toBe("Received from someone else");
    expect(sentence("todo", "release", changes)).toBe("“Buy milk” was handed to someone else by a colleague");
    expect(sentence("todo", "release", changes, { subject: false })).toBe(
      "It was handed to someone else by a colleague",
    );
  });

  it("names the tag of a link", () => {
    const tag = { id: "1", name: "Home" };
    expect(sentence("todo", "tag", { tags: [null, tag] })).toBe("Added the tag Home to “Buy milk”");
    expect(sentence("todo", "tag", { tags: [null, tag] }, { subject: false })).toBe("Added the tag Home");
    expect(sentence("todo", "untag", { tags: [tag, null] })).toBe("Removed the tag Home from “Buy milk”");
    expect(sentence("todo", "untag", { tags: [{ id: "1", name: null }, null] }, { subject: false })).toBe(
      "Removed the tag (no name)",
    );
  });

  it.each([
    [{ due_date: ["2026-12-03", "2026-12-05"] }, "Changed due date from 3 Dec to 5 Dec"],
    [{ due_date: ["2026-12-31", "2027-01-02"] }, "Changed due date from 31 Dec to 2 Jan 2027"],
    [{ due_date: [null, "2026-12-05"] }, "Set due date to 5 Dec"],
    [{ due_date: ["2026-12-05", null] }, "Removed due date (was 5 Dec)"],
    [{ due_time: ["17:30:00", "08:00:00"] }, "Changed due time from 17:30 to 08:00"],
    [{ due_time: [null, "08:00:00"] }, "Set due time to 08:00"],
    [{ scheduled_for: ["2026-12-03", null] }, "Removed scheduled day (was 3 Dec)"],
    [{ priority: [0, 4] }, "Changed priority from 0 to 4"],
    [{ title: ["Buy milk", "Buy bread"] }, "Renamed “Buy milk” to “Buy bread”"],
    [{ description: ["", "x"] }, "Added a description"],
    [{ description: ["x", ""] }, "Removed the description"],
    [{ description: ["x", "y"] }, "Changed description"],
    [{ description: [null, null] }, "Changed description"],
    [{}, "Changed something"],
    [{ something_new: [1, 2] }, "Changed something"],
  ] satisfies [Changes, string][])("says what was changed: %j", (changes, expected) => {
    expect(sentence("todo", "update", changes, { subject: false })).toBe(expected);
  });

  it("says all that was changed at once, and names the todo once", () => {
    const changes: Changes = {
      priority: [2, 4],
      due_date: [null, "2026-12-05"],
      description: ["x", "y"],
    };
    expect(sentence("todo", "update", changes)).toBe(
      "Changed description of “Buy milk”, set due date to 5 Dec and changed priority from 2 to 4",
    );
    expect(sentence("todo", "update", { priority: [2, 4] })).toBe(
      "Changed priority of “Buy milk” from 2 to 4",
    );
    expect(sentence("todo", "update", { due_date: ["2026-12-05", null] })).toBe(
      "Removed due date of “Buy milk” (was 5 Dec)",
    );
    expect(sentence("todo", "update", { description: ["", "x"] })).toBe("Added a description to “Buy milk”");
    expect(sentence("todo", "update", {})).toBe("Changed “Buy milk”");
  });

  it("speaks of a todo when its title is not known, and keeps a title exactly", () => {
    expect(sentence("todo", "complete", {}, { title: null })).toBe("Completed a todo");
    expect(sentence("todo", "update", { priority: [0, 1] }, { title: null })).toBe(
      "Changed priority of a todo from 0 to 1",
    );
    expect(sentence("todo", "create", {}, { title: "<script>”" })).toBe("Added “<script>””");
  });

  it("does not stumble over values that are none of ours", () => {
    expect(sentence("todo", "update", { due_date: ["soon", ["x"]] }, { subject: false })).toBe(
      "Removed due date (was soon)",
    );
    expect(sentence("todo", "tag", {}, { subject: false })).toBe("Added the tag (no name)");
  });
});

describe("describeEntry of all else", () => {
  it.each([
    ["tag", "create", {}, "Created the tag Home"],
    ["tag", "delete", {}, "Deleted the tag Home"],
    ["tag", "transfer", { organization_id: ["a", "b"] }, "Moved the tag Home to another organization"],
    ["tag", "update", { name: ["House", "Home"] }, "Renamed the tag House to Home"],
    [
      "tag",
      "update",
      { colour: ["#000000", "#ffffff"] },
      "Changed colour of the tag Home from #000000 to #ffffff",
    ],
    ["tag", "update", { icon: [null, "🏠"] }, "Set icon of the tag Home to 🏠"],
    ["tag", "update", { icon: ["🏠", null] }, "Removed icon of the tag Home (was 🏠)"],
    [
      "tag",
      "update",
      { name: ["House", "Home"], icon: [null, "🏠"] },
      "Renamed the tag House to Home and set icon to 🏠",
    ],
    ["tag", "update", {}, "Changed the tag Home"],
    ["user", "create", { name: [null, "Mia"] }, "Created the account"],
    ["user", "delete", { deleted_at: [null, "2026-12-02"] }, "Deleted the account"],
    ["user", "restore", { deleted_at: ["2026-12-02", null] }, "Restored the account"],
    ["user", "update", { name: ["Mia", "Mia B."] }, "Changed name from Mia to Mia B."],
    ["user", "update", { email: ["a@b.de", "c@d.de"] }, "Changed e-mail address from a@b.de to c@d.de"],
    ["user", "update", { password: ["(hidden)", "(hidden)"] }, "Changed the password"],
    ["user", "update", { email_verified_at: [null, "2026"] }, "Confirmed the e-mail address"],
    ["user", "update", { email_verified_at: ["2026", null] }, "Withdrew the e-mail address’s confirmation"],
    ["user", "update", { status: ["active", "suspended"] }, "Made the account suspended"],
    ["user", "update", { status: ["suspended", "active"] }, "Activated the account"],
    ["user", "update", { avatar_url: [null, "x"] }, "Changed the picture"],
    ["user", "update", { avatar_url: ["x", null] }, "Removed the picture"],
    ["user", "update", { bio: ["", "x"] }, "Changed the biography"],
    [
      "user",
      "update",
      {
        preferences: [
          { weekStart: 1, theme: "dark" },
          { weekStart: 7, theme: "dark", timeZone: "UTC" },
        ],
      },
      "Set time zone to UTC and changed first day of the week from Monday to Sunday",
    ],
    ["user", "update", { preferences: [{}, { density: "compact" }] }, "Changed the account"],
    ["account", "create", { provider: [null, "github"] }, "Connected github for signing in"],
    ["account", "delete", { provider: ["github", null] }, "Disconnected github from signing in"],
    ["account", "update", { type: ["a", "b"] }, "Changed a way to sign in"],
    ["account", "transfer", { user_id: ["a", "b"] }, "Moved a way to sign in to another account"],
    ["session", "sign_in", {}, "Signed in"],
    ["session", "sign_out", {}, "Signed out"],
    ["session", "end", {}, "A session ended"],
    ["session", "revoke", { revoked_at: [null, "2026"] }, "Ended a session"],
    ["organization", "create", {}, "Created the organization “Home”"],
    ["organization", "delete", {}, "Deleted the organization “Home”"],
    ["organization", "restore", {}, "Restored the organization “Home”"],
    ["organization", "update", { name: ["A", "B"] }, "Renamed the organization “A” to “B”"],
    ["organization", "update", {}, "Changed the organization “Home”"],
    ["membership", "create", { role: [null, "owner"] }, "Added a member to “Home” as owner"],
    ["membership", "delete", { role: ["viewer", null] }, "Removed a member from “Home” who was viewer"],
    [
      "membership",
      "update",
      { role: ["viewer", "admin"] },
      "Changed a member’s role of “Home” from viewer to admin",
    ],
    ["membership", "transfer", { user_id: ["a", "b"] }, "Moved a membership of “Home”"],
  ] satisfies [string, string, Changes, string][])(
    "says %s %s %j",
    (entityType, action, changes, expected) => {
      expect(sentence(entityType, action, changes, { title: "Home" })).toBe(expected);
    },
  );

  it("says something of an action that it does not know", () => {
    expect(sentence("todo", "levitate")).toBe("Changed “Buy milk”");
    expect(sentence("comet", "create", {}, { title: null })).toBe("Changed something");
    expect(sentence("constructor", "toString", {}, { title: null })).toBe("Changed something");
  });
});
