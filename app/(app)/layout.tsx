import { TodosProvider } from "@/app/_todos/store";
import { Shell } from "@/app/_ui/shell/shell";
import { PersonSidebar } from "./person-sidebar";

/**
 * Stands around every page of a signed-in person. It awaits nothing: the sidebar is a sibling of the page, so both ask
 * for their data in the same tick and share one request.
 */
export default function AppLayout({ children }: LayoutProps<"/">) {
  return (
    <TodosProvider>
      <Shell sidebar={<PersonSidebar />}>{children}</Shell>
    </TodosProvider>
  );
}
