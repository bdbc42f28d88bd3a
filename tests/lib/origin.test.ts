import { describe, expect, it } from "vitest";
import { isOwnOrigin } from "@/lib/origin";

describe("isOwnOrigin", () => {
  it.each([
    ["the configured origin", "https://cairn.example", "https://cairn.example"],
    ["localhost by name", "http://localhost:3000", "http://localhost:3000"],
    ["localhost by IPv4", "http://127.0.0.1:3000", "http://localhost:3000"],
    ["localhost by IPv6", "http://[::1]:3000", "http://localhost:3000"],
  ])("takes %s for our own", (_case, origin, own) => {
    expect(isOwnOrigin(origin, own)).toBe(true);
  });

  it.each([
    ["no origin", null, "https://cairn.example"],
    ["the origin of a sandboxed frame", "null", "https://cairn.example"],
    ["an empty one", "", "https://cairn.example"],
    ["another site", "https://evil.example", "https://cairn.example"],
    ["a site whose name begins like ours", "https://cairn.example.evil.example", "https://cairn.example"],
    ["a neighbour under the same domain", "https://evil.cairn.example", "https://cairn.example"],
    ["our name without TLS", "http://cairn.example", "https://cairn.example"],
    ["our name on another port", "https://cairn.example:8443", "https://cairn.example"],
    ["a page on the visitor's own machine", "http://localhost:3000", "https://cairn.example"],
    ["another program on this machine", "http://localhost:4000", "http://localhost:3000"],
    ["another scheme on this machine", "https://localhost:3000", "http://localhost:3000"],
    [
      "a name that only looks like this machine",
      "http://localhost.evil.example:3000",
      "http://localhost:3000",
    ],
  ])("refuses %s", (_case, origin, own) => {
    expect(isOwnOrigin(origin, own)).toBe(false);
  });
});
