/** Nothing stands beside the page that an address leads to. */
export default function NoPanel() {
  return null;
}
