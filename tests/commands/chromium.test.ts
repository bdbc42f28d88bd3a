import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ChromiumSearch, findChromium, searchThisMachine } from "@/scripts/chromium";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cairn-chromium-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A search in which some programs start and everything else can not be had. */
function search(starting: string[], more: Partial<ChromiumSearch> = {}): ChromiumSearch {
  return {
    chosen: undefined,
    installed: () => [],
    playwrightPath: () => join(folder, "playwright-chrome"),
    launch: async (path) => {
      if (starting.includes(path)) return "156.0";
      throw new Error("browserType.launch: Failed to launch the browser process.\nmore");
    },
    downloadPlaywrights: async () => "no connection",
    installDebians: null,
    isRoot: false,
    note: () => {},
    ...more,
  };
}

/** What is installed, in tests about one program. */
const one = () => ["/usr/bin/chromium"];

function onPath(path: string): ChromiumSearch {
  const { signal } = new AbortController();
  return searchThisMachine({ NODE_ENV: "test", PATH: path }, { PATH: path }, () => {}, signal);
}

describe("finding a Chromium", () => {
  it("takes the system's first one that starts", async () => {
    const found = await findChromium(
      search(["/usr/bin/google-chrome"], {
        installed: () => ["/usr/bin/chromium", "/usr/bin/google-chrome"],
      }),
    );
    expect(found.executablePath).toBe("/usr/bin/google-chrome");
    expect(found.description).toBe("the system's /usr/bin/google-chrome, 156.0");
  });

  it("takes CHROMIUM_PATH and nothing else when it is set", async () => {
    const chosen = "/opt/chromium";
    const found = await findChromium(search([chosen, "/usr/bin/chromium"], { chosen, installed: one }));
    expect(found.executablePath).toBe(chosen);
    await expect(findChromium(search(["/usr/bin/chromium"], { chosen, installed: one }))).rejects.toThrow(
      "CHROMIUM_PATH leads to no usable Chromium: /opt/chromium does not start",
    );
  });

  it("takes Playwright's own without a download when it is there", async () => {
    const path = join(folder, "playwright-chrome");
    writeFileSync(path, "");
    const found = await findChromium(search([path]));
    expect(found.description).toBe(`Playwright's ${path}, 156.0`);
  });

  it("downloads Playwright's own when the system has none", async () => {
    const path = join(folder, "playwright-chrome");
    const found = await findChromium(search([path], { downloadPlaywrights: async () => null }));
    expect(found.executablePath).toBe(path);
  });

  it("installs Debian's when Playwright's own does not start", async () => {
    const path = join(folder, "playwright-chrome");
    writeFileSync(path, "");
    let installed: string[] = [];
    const found = await findChromium(
      search(["/usr/bin/chromium"], {
        installed: () => installed,
        installDebians: async () => {
          installed = ["/usr/bin/chromium"];
          return null;
        },
      }),
    );
    expect(found.description).toBe("Debian's /usr/bin/chromium, 156.0");
  });

  it("names everything that was tried when there is none, in one sentence and a way out", async () => {
    const none = search([], {
      installed: one,
      installDebians: async () => "E: Unable to locate package chromium",
    });
    await expect(findChromium(none)).rejects.toThrow(
      "There is no Chromium for the tests in a browser, and none could be had: " +
        "/usr/bin/chromium does not start (Failed to launch the browser process.); " +
        "Playwright's could not be downloaded (no connection); " +
        "Debian's package could not be installed (E: Unable to locate package chromium). " +
        "Install Chromium or Chrome, or set CHROMIUM_PATH to its program.",
    );
  });

  it("leaves the sandbox out for root only", async () => {
    const asRoot = await findChromium(search(["/usr/bin/chromium"], { installed: one, isRoot: true }));
    const asUser = await findChromium(search(["/usr/bin/chromium"], { installed: one }));
    expect(asRoot.args).toContain("--no-sandbox");
    expect(asUser.args).not.toContain("--no-sandbox");
  });
});

describe("the search of this machine", () => {
  it("looks for programs that can be run, on the PATH only", () => {
    writeFileSync(join(folder, "chromium"), "#!/bin/sh\n");
    writeFileSync(join(folder, "google-chrome"), "#!/bin/sh\n");
    chmodSync(join(folder, "google-chrome"), 0o755);
    expect(onPath(folder).installed()).toEqual([join(folder, "google-chrome")]);
  });

  it("finds out that a program which only calls itself Chromium does not start", async () => {
    const impostor = join(folder, "chromium");
    writeFileSync(impostor, "#!/bin/sh\necho Chromium 156.0\n");
    chmodSync(impostor, 0o755);
    await expect(onPath(folder).launch(impostor, [])).rejects.toThrow(/browser/);
  });
});
