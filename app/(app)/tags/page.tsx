import type { Metadata } from "next";
import { PageColumn } from "@/app/_ui/page-column";
import { signedInPage } from "@/app/_ui/signed-in-page";
import { sharedTags } from "@/app/shared-reads";
import { TagManager } from "./tag-manager";

export const metadata: Metadata = { title: "Tags" };

export default signedInPage(async (scope) => {
  const tags = await sharedTags(scope);
  return (
    <PageColumn>
      <TagManager tags={tags} />
    </PageColumn>
  );
});
