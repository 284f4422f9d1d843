declare namespace App {
  interface Locals {
    /** Set by VerdictIcons once a page has its icons. */
    verdictIconsDrawn?: boolean;
    /** How many words of the glossary the page has linked so far. */
    terms?: number;
  }
}
