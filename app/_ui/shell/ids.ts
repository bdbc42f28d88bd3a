/** The ids by which the parts of the shell, and the pages in it, find each other without script too. */
export const sidebarId = "sidebar";
/** A page with a line for new todos gives this id to its input. */
export const addInputId = "add";
