/** Putting the page on the phone: asked by the browser's own dialog where it has one, offered after the first work. */
import { outbox } from "../outbox/outbox.svelte.ts";
import { answer, isAnswered } from "./preferences.ts";

interface Prompt extends Event {
  prompt(): Promise<void>;
}

class Install {
  #prompt = $state.raw<Prompt | null>(null);
  /** Somebody has worked on this phone: before that the offer would only be in the way. */
  #worked = $state(false);
  #answered = $state(isAnswered("install"));
  readonly isIos = /iPhone|iPad/.test(navigator.userAgent) && !matchMedia("(display-mode: standalone)").matches;

  get offered(): boolean {
    return this.#worked && !this.#answered && (this.#prompt !== null || this.isIos);
  }

  watch(): void {
    window.addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.#prompt = event as Prompt;
    });
    outbox.onStored = () => {
      this.#worked = true;
      // What waits must outlive a full phone.
      void navigator.storage?.persist?.();
    };
  }

  async ask(): Promise<void> {
    this.later();
    await this.#prompt?.prompt();
  }

  later(): void {
    answer("install");
    this.#answered = true;
  }
}

export const install = new Install();
