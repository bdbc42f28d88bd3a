import { Sidebar } from "@/app/_ui/shell/sidebar";
import { sharedCounts, sharedTags } from "@/app/shared-reads";
import { Refused } from "@/lib/db/errors";
import { requestScope } from "@/lib/request";
import { SignedInSidebar } from "./signed-in-sidebar";

/** The sidebar of the person who asks. When it cannot be read, its places still lead on; the page says what is wrong. */
export async function PersonSidebar() {
  const person = await readPerson();
  if (person === null) return <Sidebar />;
  const { actor, tags, counts } = person;
  return (
    <SignedInSidebar
      account={{ name: actor.name, email: actor.email, initial: initial(actor.name) }}
      tags={tags}
      counts={counts}
      clock={{ today: actor.today, time: actor.localTime }}
      theme={actor.preferences.theme ?? "system"}
    />
  );
}

const letters = new Intl.Segmenter();

/** The first letter of a name as people count letters; emoji and accents stay whole. */
function initial(name: string): string {
  const [first] = letters.segment(name.trim());
  return first?.segment.toLocaleUpperCase() ?? "·";
}

async function readPerson() {
  const scope = await requestScope();
  try {
    const [actor, tags, counts] = await Promise.all([scope.actor(), sharedTags(scope), sharedCounts(scope)]);
    return { actor, tags, counts };
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
