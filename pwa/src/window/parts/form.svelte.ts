/** One command at a time from a form: the button rests while it runs, and what went wrong is shown. */
import { Unreachable } from "../../api/client.ts";
import { makeId } from "../../outbox/ids.ts";
import { loadWords } from "../../words/words.svelte.ts";

export class Sending {
  busy = $state(false);
  error = $state.raw<unknown>(null);
  #open: { id: string; content: string } | null = null;

  /**
   * Runs `work` unless the last one still runs: a double tap is one command. Where nobody knows whether the server got
   * it, the same content goes again under the same id.
   */
  async run(work: (id: string) => Promise<void>, content: unknown = null): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    const text = JSON.stringify(content);
    if (this.#open?.content !== text) this.#open = { id: makeId(), content: text };
    try {
      await work(this.#open.id);
      this.#open = null;
      return true;
    } catch (error) {
      await loadWords();
      this.error = error;
      if (!(error instanceof Unreachable)) this.#open = null;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
