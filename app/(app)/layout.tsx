import type { ReactNode } from "react";
import { PanelHost } from "@/app/_todos/panel-host";
import { TodosProvider } from "@/app/_todos/store";
import { Shell } from "@/app/_ui/shell/shell";
import { PersonSidebar } from "./person-sidebar";

/**
 * Stands around every page of a signed-in person. It awaits nothing: the sidebar is a sibling of the page, so both ask
 * for their data in the same tick and share one request. A todo that is opened from a page comes in `panel`.
 */
export default function AppLayout({ children, panel }: { children: ReactNode; panel: ReactNode }) {
  return (
    <TodosProvider>
      <Shell sidebar={<PersonSidebar />}>
        <PanelHost panel={panel}>{children}</PanelHost>
      </Shell>
    </TodosProvider>
  );
}
