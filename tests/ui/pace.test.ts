import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { Pace } from "@/app/(app)/dashboard/pace";
import { DASHBOARD_SAMPLE_MAX } from "@/lib/db/limits";

function pace(completed: number, onTime = { count: 3, of: 4 }): string {
  return renderToStaticMarkup(
    createElement(Pace, {
      streak: 1,
      onTime,
      medianSecondsToComplete: 60,
      completedPerDay: [
        { day: "2026-11-19", count: completed - 1 },
        { day: "2026-11-20", count: 1 },
      ],
    }),
  );
}

it("the rates say what they are of: all of the last days, or the latest todos when there are more", () => {
  expect(pace(DASHBOARD_SAMPLE_MAX)).toContain(
    "3 of 4 with a due date, of those completed in the last 30 days.",
  );
  expect(pace(DASHBOARD_SAMPLE_MAX + 1)).toContain("3 of 4 with a due date, of the latest 200 completed.");
  expect(pace(DASHBOARD_SAMPLE_MAX + 1)).toContain("half took less. Of the latest 200 completed.");
});

it("that nothing was due is said of what was looked at", () => {
  const none = { count: 0, of: 0 };
  expect(pace(DASHBOARD_SAMPLE_MAX, none)).toContain(
    "No todo with a due date was completed in the last 30 days.",
  );
  expect(pace(DASHBOARD_SAMPLE_MAX + 1, none)).toContain("None of the latest 200 completed had a due date.");
});
