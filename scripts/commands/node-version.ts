const OLDEST = [20, 19] as const;

/** A sentence when this Node is too old for Cairn, else null. Uses nothing that an old Node lacks. */
export function nodeVersionProblem(version: string): string | null {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const newEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return newEnough
    ? null
    : `Cairn needs Node ${OLDEST.join(".")} or newer, and this is Node ${version.replace(/^v/, "")}.`;
}
