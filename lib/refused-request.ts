type Refusal = { status: number; title: string; sentence: string; advice: string };

/** The body is larger than Cairn reads. The form is only a step back: browsers keep what was typed. */
export const TOO_LARGE: Refusal = {
  status: 413,
  title: "Too large",
  sentence: "This is too large to save. The limit is 1 MB in all.",
  advice: "Nothing was saved. Go back in your browser: what you typed is still in the form, to be shortened.",
};

/** Another site's page sent it, in the name of whoever is signed in here. */
export const FOREIGN_ORIGIN: Refusal = {
  status: 403,
  title: "Refused",
  sentence: "This request did not come from Cairn's own pages, so it was refused.",
  advice: "Nothing was changed. Open Cairn by its own address and try again there.",
};

/**
 * The answer to a request that is turned away before it is read. It stands in the place of the page; a request from
 * script is told the same as plain text.
 */
export function refusedResponse({ status, title, sentence, advice }: Refusal, fromScript: boolean): Response {
  return new Response(fromScript ? sentence : page(title, [sentence, advice]), {
    status,
    headers: {
      "content-type": fromScript ? "text/plain" : "text/html; charset=utf-8",
      // The rest of the body is not wanted.
      connection: "close",
    },
  });
}

function page(title: string, sentences: string[]): string {
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Cairn</title>
<style>
  :root { color-scheme: light dark }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 20vh auto 0; padding: 0 1rem }
</style>
<main>
  <h1>${title}</h1>
${sentences.map((sentence) => `  <p>${sentence}</p>`).join("\n")}
</main>
</html>
`;
}
