import { describe, expect, it } from "vitest";
import { FORM_BYTES_MAX, REQUEST_BYTES_MAX } from "@/lib/db/limits";
import { refusedResponse, TOO_LARGE } from "@/lib/refused-request";
import { isTooLarge } from "@/lib/request-size";
import config from "../../next.config.mjs";

describe("the size of a request", () => {
  it("is read up to the same limit by Next and by us, with room for a form that is answered with a message", () => {
    expect(config.experimental?.serverActions?.bodySizeLimit).toBe(REQUEST_BYTES_MAX);
    expect(REQUEST_BYTES_MAX).toBeGreaterThan(2 * FORM_BYTES_MAX);
  });

  it.each([
    [String(REQUEST_BYTES_MAX), false],
    [String(REQUEST_BYTES_MAX + 1), true],
    ["", false],
  ])("that says %j is too large: %s", (length, expected) => {
    expect(isTooLarge(new Headers({ "content-length": length }))).toBe(expected);
  });

  it("is told on a page to people and as text to script", async () => {
    const [page, text] = [refusedResponse(TOO_LARGE, false), refusedResponse(TOO_LARGE, true)];
    expect([page.status, text.status]).toEqual([413, 413]);
    expect(await page.text()).toContain("what you typed is still in the form");
    expect(await text.text()).toBe("This is too large to save. The limit is 1 MB in all.");
  });
});
