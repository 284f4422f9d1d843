/** The level for headings inside a tool: one below the heading it stands under, an exercise's, a section's or the page's. */
export function headingLevelIn(root: HTMLElement): 2 | 3 | 4 {
  if (root.closest('promenade-exercise')) return 4;
  return root.closest('.home, .tool') ? 2 : 3;
}
