/** What is half typed at a question, kept in the tab's own store: a page that is loaded anew goes on with it. */
const NAME = "lotgate.typing";

export interface Typing {
  /** Person, inspection and item: nobody finds what somebody else began. */
  place: string;
  text: string;
  taken: string[];
  pieces: Record<string, number | null>;
  counting: boolean;
}

export function typingAt(place: string): Typing | null {
  try {
    const kept = JSON.parse(window.sessionStorage.getItem(NAME) ?? "null") as Typing | null;
    return kept?.place === place ? kept : null;
  } catch {
    return null;
  }
}

export function keepTyping(typing: Typing): void {
  try {
    window.sessionStorage.setItem(NAME, JSON.stringify(typing));
  } catch {
    // A full phone: what is half typed stands on the screen alone.
  }
}
