declare namespace App {
  interface Locals {
    /** Set by VerdictIcons once a page has its icons. */
    verdictIconsDrawn?: boolean;
  }
}
