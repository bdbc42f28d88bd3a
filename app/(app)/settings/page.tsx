import type { Metadata } from "next";
import { PageColumn } from "@/app/_ui/page-column";
import { PageHeader } from "@/app/_ui/page-header";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { readPreferences } from "@/lib/settings/input";
import { TIME_ZONES } from "@/lib/settings/time-zones";
import { SettingsForm } from "./settings-form";

export const metadata: Metadata = { title: "Settings" };

export default signedInPage(async (scope) => {
  const actor = await scope.actor();
  const preferences = readPreferences(actor.preferences);
  const { timeZone } = preferences;
  // A browser may have named the zone by another of its names: what was chosen stays in the list.
  const timeZones = TIME_ZONES.includes(timeZone) ? TIME_ZONES : [timeZone, ...TIME_ZONES];
  return (
    <PageColumn>
      <PageHeader title="Settings" />
      <SettingsForm
        email={actor.email}
        settings={{ name: actor.name, ...preferences }}
        timeZones={timeZones}
      />
    </PageColumn>
  );
});
