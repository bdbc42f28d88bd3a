/** Following a link to any page closes the panel: without this, Next would keep what stood in it. */
export default function NoPanel() {
  return null;
}
