import { SignOutForm } from "@/app/(auth)/sign-out-form";
import { SignOutIcon } from "@/app/_ui/icons";
import { MenuItem } from "@/app/_ui/menu-item";
import { Sidebar } from "@/app/_ui/shell/sidebar";
import { sharedCounts, sharedTags } from "@/app/shared-reads";
import { Refused } from "@/lib/db/errors";
import { requestScope } from "@/lib/request";
import { PersonNav } from "./person-nav";
import { ThemeKeeper } from "./theme-keeper";

/** The sidebar of the person who asks. When it cannot be read, its places still lead on; the page says what is wrong. */
export async function PersonSidebar() {
  const person = await readPerson();
  if (person === null) return <Sidebar />;
  const { actor, tags, counts } = person;
  const clock = { today: actor.today, time: actor.localTime };
  return (
    <Sidebar
      account={{ name: actor.name, email: actor.email }}
      nav={
        <>
          <PersonNav tags={tags} counts={counts} clock={clock} />
          <ThemeKeeper theme={actor.preferences.theme ?? "system"} />
        </>
      }
      signOut={
        <SignOutForm>
          <MenuItem type="submit" icon={SignOutIcon}>
            Sign out
          </MenuItem>
        </SignOutForm>
      }
    />
  );
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
