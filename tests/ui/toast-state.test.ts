import { describe, expect, it } from "vitest";
import { toastReducer, visibleToasts, type Toast } from "@/app/_ui/toast-state";

function toast(id: number, extra: Partial<Toast> = {}): Toast {
  return { id, text: `toast ${id}`, tone: "info", ...extra };
}
const undo = { label: "Undo", run: () => {} };
const ids = (toasts: readonly Toast[]) => toasts.map(({ id }) => id);

describe("toastReducer", () => {
  it("adds the newest at the end", () => {
    const toasts = toastReducer([toast(1)], { type: "show", toast: toast(2) });
    expect(ids(toasts)).toEqual([1, 2]);
  });

  it("takes away exactly the dismissed one", () => {
    expect(ids(toastReducer([toast(1), toast(2), toast(3)], { type: "dismiss", id: 2 }))).toEqual([1, 3]);
  });

  it("returns the same list when the dismissed one is gone already, so that nothing renders again", () => {
    const toasts = [toast(1)];
    expect(toastReducer(toasts, { type: "dismiss", id: 9 })).toBe(toasts);
  });

  it("keeps the latest twenty", () => {
    let toasts: readonly Toast[] = [];
    for (let id = 1; id <= 25; id += 1) toasts = toastReducer(toasts, { type: "show", toast: toast(id) });
    expect(ids(toasts)).toEqual(Array.from({ length: 20 }, (_, index) => index + 6));
  });
});

describe("visibleToasts", () => {
  it("shows only the newest, so that Undo is on the screen once", () => {
    expect(ids(visibleToasts([toast(1, { action: undo }), toast(2, { action: undo })]))).toEqual([2]);
  });

  it("keeps a refusal on the screen when a later success comes", () => {
    expect(ids(visibleToasts([toast(1, { tone: "danger" }), toast(2)]))).toEqual([1, 2]);
  });

  it("shows a refusal that is the newest once", () => {
    expect(ids(visibleToasts([toast(1), toast(2, { tone: "danger" })]))).toEqual([2]);
  });

  it("shows nothing when there is nothing", () => {
    expect(visibleToasts([])).toEqual([]);
  });
});
