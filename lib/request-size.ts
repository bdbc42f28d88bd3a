import { REQUEST_BYTES_MAX } from "./db/limits";

/** Whether a request says that its body is larger than Cairn reads. Those that do not say are measured while read. */
export function isTooLarge(headers: Headers): boolean {
  return Number(headers.get("content-length") ?? 0) > REQUEST_BYTES_MAX;
}

/**
 * The answer to a request that is too large. It stands in the place of the page, and the form is only a step back:
 * browsers keep what was typed. A request from script is told the same as plain text.
 */
export function tooLargeResponse(fromScript: boolean): Response {
  const sentence = "This is too large to save. The limit is 1 MB in all.";
  return new Response(fromScript ? sentence : page(sentence), {
    status: 413,
    headers: {
      "content-type": fromScript ? "text/plain" : "text/html; charset=utf-8",
      // The rest of the body is not wanted.
      connection: "close",
    },
  });
}

function page(sentence: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Too large · Cairn</title>
<style>
  :root { color-scheme: light dark }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 20vh auto 0; padding: 0 1rem }
</style>
<main>
  <h1>Too large</h1>
  <p>${sentence}</p>
  <p>Nothing was saved. Go back in your browser: what you typed is still in the form, to be shortened.</p>
</main>
</html>
`;
}
